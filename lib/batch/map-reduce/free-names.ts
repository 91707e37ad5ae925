export { freeNames } from "../../basics/free-names";
