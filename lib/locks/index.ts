/** Locks that several machines share: the table, its servers and clients, and what can go wrong. */
import "../kernel/in-stock-kernel";
export * from "./table";
