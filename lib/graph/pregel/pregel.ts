/**
 * Runs a vertex program to its end in this process: for trying programs out, and as what the
 * cluster's answer is held against.
 *
 * Source: Malewicz 2010, section 2: supersteps until all sleep and no message is under way.
 * Guarantees: the same values as a cluster of as many workers, to the last bit.
 * Cost: one thread; as partition.ts.
 */
import { wholeInRange } from "../../basics";
import type { CsrGraph } from "../structure/csr-graph";
import { initialAggregates, mergeAggregates, runSuperstep, startPartition } from "./partition";
import type { Mail } from "./inbox";
import type { VertexProgram } from "./program";

export interface PregelOptions {
  /** Default 1; sums of doubles depend on it in their last bits. */
  readonly partitions?: number;
  /** Default 10,000. */
  readonly maxSupersteps?: number;
}

export interface PregelResult {
  /** "cutOff": `maxSupersteps` was reached first. */
  readonly kind: "halted" | "cutOff";
  /** By vertex. */
  readonly values: Float64Array;
  readonly supersteps: number;
  /** By superstep: vertices that computed, and messages after combining. */
  readonly history: readonly { readonly computed: number; readonly messages: number }[];
  readonly aggregates: Readonly<Record<string, number>>;
}

export function pregel(
  graph: CsrGraph,
  program: VertexProgram,
  options: PregelOptions = {},
): PregelResult {
  const partitions = wholeInRange("partitions", options.partitions ?? 1, { min: 1, max: 10_000 });
  const most = wholeInRange("maxSupersteps", options.maxSupersteps ?? 10_000, { min: 1, max: 1e9 });
  const states = Array.from({ length: partitions }, (_, partition) => {
    return startPartition(graph, program, { partition, partitions });
  });
  const history: { computed: number; messages: number }[] = [];
  let aggregates = initialAggregates(program);
  let mail: Mail[][] = states.map(() => []);
  let isHalted = graph.vertices === 0;
  while (!isHalted && history.length < most) {
    const step = { superstep: history.length, aggregates };
    const results = states.map((state, i) => {
      return runSuperstep(graph, program, { state, step: { ...step, mail: mail[i] } });
    });
    aggregates = mergeAggregates(
      program,
      results.map((result) => result.aggregates),
    );
    mail = states.map((_, to) => results.map((result) => result.mail[to]));
    const messages = mail.flat().reduce((sum, bundle) => sum + bundle.length / 2, 0);
    const computed = results.reduce((sum, result) => sum + result.computed, 0);
    history.push({ computed, messages });
    isHalted = messages === 0 && results.every(({ awake }) => awake === 0);
  }
  const values = new Float64Array(graph.vertices);
  for (const state of states) {
    state.values.forEach((value, i) => (values[state.partition + i * partitions] = value));
  }
  const kind = isHalted ? "halted" : "cutOff";
  return { kind, values, supersteps: history.length, history, aggregates };
}
