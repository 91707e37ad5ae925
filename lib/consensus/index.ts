/** Agreement among servers that fail: Raft and elections; or that lie: PBFT, HotStuff, generals. */
import "../kernel/in-stock-kernel";
export * from "./raft";
export * from "./pbft";
export * from "./lin-kv";
export * from "./election";
export * from "./hotstuff";
export * from "./generals";
export * from "./byzantine-costs";
