/**
 * Whether a history is sequentially consistent: whether its operations fit into one legal order
 * that keeps each process's own, whatever the clock said.
 *
 * Source: L. Lamport, "How to make a multiprocessor computer that correctly executes multiprocess
 * programs", IEEE Trans. Computers C-28(9), 1979; depth first with memory of what was met, as in
 * the search for linearizability. Operations of unknown outcome may be left out, or come at any
 * place after what their process did before.
 * Assumes: a deterministic specification.
 * Guarantees: both definite verdicts are proven; a limit reached gives "unknown".
 * Cost: exponential in the number of processes at worst (NP-complete: Gibbons and Korach, 1997);
 * all objects together, because sequential consistency is not local.
 */
import type { History, Operation } from "../../protocol";
import { operationsOf } from "../../protocol";
import { wholeInRange } from "../../basics";
import type { Model } from "../linearizability/model";
import { Product } from "./product";
import { SequentialSearch } from "./sequential-search";

export interface SequentialOptions {
  /** Most configurations to visit; default 1 million. */
  readonly configurations?: number;
  /** Named in errors; default "history". */
  readonly source?: string;
}

export type SequentialVerdict =
  | { readonly kind: "sequentially consistent"; readonly order: readonly Operation[] }
  | {
      readonly kind: "not sequentially consistent";
      /** These contradict each other even if each of the others may be left out. */
      readonly offending: readonly Operation[];
      /** Whether none of them can be spared; false when the limit was reached on the way. */
      readonly isSmallest: boolean;
    }
  | { readonly kind: "unknown"; readonly configurations: number };

/**
 * Throws InputError when the history is not well formed or the model does not know an operation.
 */
export function checkSequential<State>(
  history: History,
  model: Model<State>,
  options: SequentialOptions = {},
): SequentialVerdict {
  const range = { min: 1, max: 10_000_000 };
  const limit = wholeInRange("configurations", options.configurations ?? 1_000_000, range);
  const source = options.source ?? "history";
  const operations = operationsOf(history, source);
  const product = new Product(operations, model, source);
  const search = new SequentialSearch(operations, product, () => true);
  const order = search.run(limit);
  if (order === "unknown") return { kind: "unknown", configurations: limit };
  if (order !== "none") return { kind: "sequentially consistent", order };
  return shrink(operations, product, limit);
}

function shrink<State>(
  operations: readonly Operation[],
  product: Product<State>,
  limit: number,
): SequentialVerdict {
  const kept = new Set(operations.filter(({ outcome }) => outcome === "ok"));
  let isSmallest = true;
  const spare = (group: readonly Operation[]): void => {
    if (group.length === 0) return;
    group.forEach((operation) => kept.delete(operation));
    const order = new SequentialSearch(operations, product, (o) => kept.has(o)).run(limit / 10);
    if (order === "none") return;
    if (order === "unknown") isSmallest = false;
    group.forEach((operation) => kept.add(operation));
    if (group.length === 1) return;
    spare(group.slice(0, group.length >> 1));
    spare(group.slice(group.length >> 1));
  };
  spare([...kept]);
  return { kind: "not sequentially consistent", offending: [...kept], isSmallest };
}
