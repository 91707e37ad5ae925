/** What steps and actions of data sets are told; no more than their users need to read. */
import type { ModuleExport, Scope } from "../../basics/ship-functions";

/** A function, or the name of a module's export. */
export type FunctionOrModule<F> = F | ModuleExport;

export interface FunctionOptions {
  /** What the function uses from outside: plain data, functions, broadcasts, accumulators. */
  readonly scope?: Scope;
}

export interface WideOptions extends FunctionOptions {
  /** Of the result; default: the parent's, but at most two a worker. */
  readonly partitions?: number;
}

export interface ActionOptions {
  readonly signal?: AbortSignal;
  /** Told after each task: tasks done, tasks in all; those that need not run count as done. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** Columns that a CSV source makes rows of, in that order, and what they hold. */
export type ColumnTypes = Readonly<Record<string, "text" | "number">>;

export type SortKey = string | number | boolean;

export interface FileOptions {
  /**
   * About how many; a packed file (.gz) is always one. Default: two a worker, or one for 64 MiB
   * where that is more.
   */
  readonly partitions?: number;
}
