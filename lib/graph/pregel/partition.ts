/**
 * One worker's share of the vertices, and a superstep of it: the data plane of Pregel.
 *
 * Source: Malewicz 2010, sections 3.2 (combiners), 4.1 and 4.3. Vertex v is in partition v modulo
 * their number (section 4.1, "hash(ID) mod N").
 * Cost: a call a vertex that is awake, and one message a pair of sending partition and target.
 */
import { assert } from "../../basics";
import type { CsrGraph } from "../structure/csr-graph";
import type { VertexProgram, VertexView } from "./program";

/** Pairs of target and message, one after the other: plain numbers, so that they travel as JSON. */
export type Mail = number[];

export interface PartitionState {
  readonly partition: number;
  readonly partitions: number;
  /** Of the vertices of the partition, by vertex divided by partitions. */
  values: Map<number, number>;
  /** Those that do not sleep. */
  awake: Set<number>;
}

export interface Superstep {
  readonly superstep: number;
  /** What was aggregated in the superstep before. */
  readonly aggregates: Readonly<Record<string, number>>;
  /** By sending partition, so that messages are taken in the same order every time. */
  readonly mail: readonly Mail[];
}

export interface SuperstepResult {
  /** By receiving partition. */
  readonly mail: readonly Mail[];
  readonly aggregates: Readonly<Record<string, number>>;
  /** Vertices that compute was called for, and those that stay awake. */
  readonly computed: number;
  readonly awake: number;
}

export function startPartition(
  graph: CsrGraph,
  program: VertexProgram,
  { partition, partitions }: { readonly partition: number; readonly partitions: number },
): PartitionState {
  const values = new Map<number, number>();
  for (let id = partition; id < graph.vertices; id += partitions) {
    const start = { id, vertices: graph.vertices, degree: graph.degree(id) };
    values.set(id, program.initial(start));
  }
  return { partition, partitions, values, awake: new Set(values.keys()) };
}

/** Changes `state`; returns what is to be sent. */
export function runSuperstep(
  graph: CsrGraph,
  program: VertexProgram,
  { state, step }: { readonly state: PartitionState; readonly step: Superstep },
): SuperstepResult {
  const inbox = sortMail(step.mail);
  const outbox = new Outbox(program, state.partitions);
  const aggregates = initialAggregates(program);
  const active = new Set([...state.awake, ...inbox.keys()]);
  // In the order of the vertices: sums of doubles depend on it.
  for (const id of [...active].sort((left, right) => left - right)) {
    const vertex = viewOf(graph, program, { id, state, step, outbox, aggregates });
    state.awake.add(id);
    program.compute(vertex, inbox.get(id) ?? []);
    state.values.set(id, vertex.value);
  }
  return { mail: outbox.mail(), aggregates, computed: active.size, awake: state.awake.size };
}

export function initialAggregates({ aggregators = {} }: VertexProgram): Record<string, number> {
  const entries = Object.entries(aggregators).map(
    ([name, { initial }]) => [name, initial] as const,
  );
  return Object.fromEntries(entries);
}

/** Those of all partitions, in their order. */
export function mergeAggregates(
  program: VertexProgram,
  parts: readonly Readonly<Record<string, number>>[],
): Record<string, number> {
  const merged = initialAggregates(program);
  for (const part of parts) {
    for (const [name, { add }] of Object.entries(program.aggregators ?? {})) {
      merged[name] = add(merged[name], part[name]);
    }
  }
  return merged;
}

function sortMail(mail: readonly Mail[]): Map<number, number[]> {
  const inbox = new Map<number, number[]>();
  for (const bundle of mail) {
    for (let i = 0; i < bundle.length; i += 2) {
      const messages = inbox.get(bundle[i]);
      if (messages === undefined) inbox.set(bundle[i], [bundle[i + 1]]);
      else messages.push(bundle[i + 1]);
    }
  }
  return inbox;
}

class Outbox {
  private readonly messages = new Map<number, number[]>();

  constructor(
    private readonly program: VertexProgram,
    private readonly partitions: number,
  ) {}

  readonly send = (target: number, message: number): void => {
    const waiting = this.messages.get(target);
    const { combine } = this.program;
    if (waiting === undefined) this.messages.set(target, [message]);
    else if (combine === undefined) waiting.push(message);
    else waiting[0] = combine(waiting[0], message);
  };

  mail(): Mail[] {
    const mail = Array.from({ length: this.partitions }, (): Mail => []);
    for (const [target, messages] of this.messages) {
      const bundle = mail[target % this.partitions];
      for (const message of messages) bundle.push(target, message);
    }
    return mail;
  }
}

interface Surroundings {
  readonly id: number;
  readonly state: PartitionState;
  readonly step: Superstep;
  readonly outbox: Outbox;
  readonly aggregates: Record<string, number>;
}

function viewOf(
  graph: CsrGraph,
  program: VertexProgram,
  { id, state, step, outbox, aggregates }: Surroundings,
): VertexView {
  const neighbours = graph.neighbours(id);
  const aggregators = program.aggregators ?? {};
  return {
    ...{ id, vertices: graph.vertices, degree: neighbours.length, superstep: step.superstep },
    value: state.values.get(id) ?? NaN,
    neighbours,
    weights: graph.weights?.subarray(graph.offsets[id], graph.offsets[id + 1]),
    send: outbox.send,
    sendToAll: (message) => neighbours.forEach((target) => outbox.send(target, message)),
    voteToHalt: () => void state.awake.delete(id),
    aggregate: (name, value) => {
      assert(name in aggregators, "the program has no such aggregator", { name });
      aggregates[name] = aggregators[name].add(aggregates[name], value);
    },
    aggregated: (name) => {
      assert(name in aggregators, "the program has no such aggregator", { name });
      return step.aggregates[name];
    },
  };
}
