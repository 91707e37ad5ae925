export { threads } from "./threads";
