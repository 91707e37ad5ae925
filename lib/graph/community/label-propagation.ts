/**
 * Communities by hearsay: everybody takes over the label that most neighbours have, in turns.
 *
 * Source: U. Raghavan, R. Albert, S. Kumara, "Near linear time algorithm to detect community
 * structures in large-scale networks", 2007: asynchronous, in random order, ties drawn.
 * Guarantees: the same seed the same answer; in the end nobody's label is in the minority around
 * it, unless `maxRounds` came first.
 * Cost: one pass over the arcs a round, mostly five to ten rounds.
 */
import { Random, wholeInRange } from "../../basics";
import type { CsrGraph } from "../structure/csr-graph";
import { everyoneAlone, renumber } from "./level";
import { shuffledVertices } from "./local-moves";
import { modularity } from "./modularity";

export interface LabelPropagationOptions {
  readonly seed?: number;
  /** Default 100. */
  readonly maxRounds?: number;
}

export interface LabelPropagationResult {
  readonly kind: "settled" | "notSettled";
  /** By vertex, numbered from 0. */
  readonly communities: Uint32Array;
  readonly count: number;
  readonly modularity: number;
  readonly rounds: number;
}

/** Throws a RangeError for a directed graph. */
export function labelPropagation(
  graph: CsrGraph,
  options: LabelPropagationOptions = {},
): LabelPropagationResult {
  if (graph.isDirected) throw new RangeError("label propagation is for undirected graphs only");
  const most = wholeInRange("maxRounds", options.maxRounds ?? 100, { min: 1, max: 1e6 });
  const random = new Random(options.seed ?? 1);
  const listening = new Listening(graph, random);
  let rounds = 0;
  let isSettled = false;
  while (!isSettled && rounds++ < most) {
    isSettled = true;
    for (const vertex of shuffledVertices(graph.vertices, random)) {
      if (listening.listen(vertex)) isSettled = false;
    }
  }
  const communities = listening.labels;
  const count = renumber(communities);
  const quality = modularity(graph, communities);
  const kind = isSettled ? "settled" : "notSettled";
  return { kind, communities, count, modularity: quality, rounds: Math.min(rounds, most) };
}

class Listening {
  readonly labels: Uint32Array;
  private readonly votes: Float64Array;

  constructor(
    private readonly graph: CsrGraph,
    private readonly random: Random,
  ) {
    this.labels = everyoneAlone(graph.vertices);
    this.votes = new Float64Array(graph.vertices);
  }

  /** Whether the label was in the minority, and so has changed. */
  listen(vertex: number): boolean {
    const { labels, votes } = this;
    const { offsets, targets, weights } = this.graph;
    let [most, first] = [0, -1];
    for (let i = offsets[vertex]; i < offsets[vertex + 1]; i++) {
      if (targets[i] === vertex) continue;
      const label = labels[targets[i]];
      votes[label] += weights === undefined ? 1 : weights[i];
      if (votes[label] > most) [most, first] = [votes[label], label];
    }
    if (first === -1) return false;
    const isMinority = votes[labels[vertex]] < most;
    const label = isMinority ? this.drawWinner(vertex, most) : labels[vertex];
    for (let i = offsets[vertex]; i < offsets[vertex + 1]; i++) votes[labels[targets[i]]] = 0;
    labels[vertex] = label;
    return isMinority;
  }

  private drawWinner(vertex: number, most: number): number {
    const winners = new Set<number>();
    for (const target of this.graph.neighbours(vertex)) {
      if (target !== vertex && this.votes[this.labels[target]] === most) {
        winners.add(this.labels[target]);
      }
    }
    return this.random.pick([...winners]);
  }
}
