/**
 * What a user writes: a map, a reduce, and what helps them along.
 *
 * Source: J. Dean and S. Ghemawat, "MapReduce: Simplified Data Processing on Large Clusters",
 * OSDI 2004, sections 2 and 4. Ours differs: `combine` merges two values at a time.
 */
import type { ModuleExport } from "../../basics/ship-functions";
import type { MapRecord } from "./record";

/** Plain JSON: it travels between workers. */
export type Json =
  string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

export type Emit<Value> = (key: string, value: Value) => void;

/** Adds to a counter of the job's own, as in section 4.9; by 1 unless told. */
export type Count = (counter: string, by?: number) => void;

/** Where workers load a job from, instead of being sent the text of its functions. */
export type JobModule = ModuleExport;

export interface Job<Value = Json, Result = Json> {
  readonly name: string;
  /** How records are cut: whole lines, or CSV lines under a header line. Default "lines". */
  readonly input?: "lines" | "csv";
  /** Called once a record; emits any number of pairs. Section 2. */
  map(record: MapRecord, emit: Emit<Value>, count: Count): void;
  /** Merges two values of a key before they travel; must be associative and commutative. 4.3. */
  combine?(left: Value, right: Value): Value;
  /** Which of the `partitions` (0 to partitions - 1) a key goes to; default: a hash. 4.1. */
  partition?(key: string, partitions: number): number;
  /** Called once a key, with all of its values in the order of the input. */
  reduce(key: string, values: readonly Value[], count: Count): Result;
  /** What map, combine, partition and reduce use from outside: JSON values and functions. */
  readonly scope?: Readonly<Record<string, unknown>>;
  /** For a job of a module; its functions may then use whatever their module has. */
  readonly module?: JobModule;
}

/** One line of the answer. */
export interface ResultRow<Result> {
  readonly key: string;
  readonly value: Result;
}

/** The job itself: the call checks its types, so that a cell says at once what does not fit. */
export function defineJob<Value, Result>(job: Job<Value, Result>): Job<Value, Result> {
  return job;
}
