/** The steps of a lineage, as they travel to the worker threads: plain data. */
import type { GroupByJob } from "../map-reduce/group-by/group-by";
import type { Split } from "../map-reduce/tasks";
import type { ModuleExport, ShippedFunctions } from "../../basics/ship-functions";
import type { PlanParent } from "./control/messages";
import type { ColumnTypes, SortKey } from "./options";
import type { OnBadRow } from "./schema/row-sink";
import type { Schema } from "./schema/schema";

/** Names of a scope whose values are not sent with the step. */
export interface ScopeRefs {
  /** Broadcasts, by name: their numbers. */
  readonly broadcasts: Readonly<Record<string, number>>;
  /** Accumulators, by name: their numbers. */
  readonly accumulators: Readonly<Record<string, number>>;
}

/** A function as it travels. */
export type ShippedFunction =
  | ({ readonly kind: "source"; readonly refs: ScopeRefs } & ShippedFunctions)
  | ({ readonly kind: "module" } & ModuleExport);

export type Source =
  /** Partitions that lie in files, as rows. */
  | { readonly kind: "stored"; readonly files: readonly string[] }
  | { readonly kind: "csv"; readonly splits: readonly Split[]; readonly columns?: ColumnTypes }
  | { readonly kind: "csvLines"; readonly splits: readonly Split[] }
  | { readonly kind: "lines"; readonly splits: readonly Split[] }
  | {
      readonly kind: "typed";
      readonly splits: readonly Split[];
      readonly schema: Schema;
      readonly onBad: OnBadRow;
    }
  /** One row a partition: what is wrong in it. */
  | {
      readonly kind: "validate";
      readonly splits: readonly Split[];
      readonly schema: Schema;
      readonly maxListed: number;
    }
  | { readonly kind: "jsonLines"; readonly splits: readonly Split[] }
  | { readonly kind: "parquet"; readonly parts: readonly ParquetPart[] }
  | {
      readonly kind: "generate";
      readonly rows: number;
      readonly seed: number;
      readonly block: ShippedFunction;
    };

/** Rows [from, to) of a Parquet file. */
export interface ParquetPart {
  readonly file: string;
  readonly from: number;
  readonly to: number;
  readonly columns?: readonly string[];
}

/** Steps that work on a row or a partition at a time. */
export type NarrowOperator =
  | {
      readonly kind: "map" | "filter" | "flatMap" | "keyBy" | "mapValues" | "mapPartitions";
      readonly call: ShippedFunction;
    }
  | { readonly kind: "sample"; readonly share: number; readonly seed: number }
  | { readonly kind: "union" };

/** Steps that read a shuffle. */
export type WideOperator =
  | { readonly kind: "reduceByKey"; readonly call: ShippedFunction }
  | { readonly kind: "groupByKey" | "distinct" | "repartition" }
  | { readonly kind: "cogroup" | "join" | "leftJoin" }
  | { readonly kind: "sortBy"; readonly call: ShippedFunction; readonly isDescending: boolean }
  | { readonly kind: "groupByColumns"; readonly job: GroupByJob };

export type Operator = Source | NarrowOperator | WideOperator;

/** How the parent's rows are shared out. */
export type Sharing =
  | { readonly kind: "byKey"; readonly combine?: ShippedFunction }
  | { readonly kind: "byRow" }
  | { readonly kind: "inTurns" }
  /** By the bounds between ranges of what `call` makes of a row. */
  | {
      readonly kind: "byRange";
      readonly call: ShippedFunction;
      readonly bounds: readonly SortKey[];
      readonly isDescending: boolean;
    }
  /** Groups of declared columns; on bytes where the parent is a CSV source. */
  | { readonly kind: "byColumns"; readonly job: GroupByJob; readonly isOnBytes: boolean };

/** What the threads need of a step. */
export interface ShippedStep {
  readonly id: number;
  readonly name: string;
  readonly partitions: number;
  readonly parents: readonly PlanParent[];
  readonly operator: Operator;
  /** Kept when it is computed: what does not fit is spilt to disk or dropped. */
  readonly cache?: "spill" | "drop";
  /** How this step's parents are shared out, by shuffle. */
  readonly sharings: Readonly<Record<number, Sharing>>;
}
