/** Agreement among servers that fail: Raft. */
export * from "./raft";
