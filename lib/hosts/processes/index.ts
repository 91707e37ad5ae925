export { processes } from "./processes";
