/** dabbawala: one namespace a topic. `import { batch } from "dabbawala"`, or "dabbawala/batch". */
import "./kernel/in-stock-kernel";
export * as basics from "./basics";
export * as batch from "./batch";
export * as caching from "./caching";
export * as checks from "./checks";
export * as clocks from "./clocks";
export * as consensus from "./consensus";
export * as engines from "./engines";
export * as figures from "./figures";
export * as generators from "./generators";
export * as graph from "./graph";
export * as hosts from "./hosts";
export * as locks from "./locks";
export * as membership from "./membership";
export * as partitioning from "./partitioning";
export * as protocol from "./protocol";
export * as replication from "./replication";
export * as scenarios from "./scenarios";
