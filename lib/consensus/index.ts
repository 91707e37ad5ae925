/** Agreement among servers that fail: Raft. */
import "../kernel/in-stock-kernel";
export * from "./raft";
export * from "./lin-kv";
