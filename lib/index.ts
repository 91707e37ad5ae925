/** dabbawala: one namespace a topic. `import { batch } from "dabbawala"`, or "dabbawala/batch". */
export * as basics from "./basics";
export * as protocol from "./protocol";
