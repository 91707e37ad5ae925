export * from "./linearizability";
