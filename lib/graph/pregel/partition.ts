/**
 * One worker's share of the vertices, and a superstep of it: the data plane of Pregel.
 *
 * Source: Malewicz 2010, sections 3.2 (combiners), 4.1 and 4.3. Vertex v is in partition v modulo
 * their number (section 4.1, "hash(ID) mod N").
 * Cost: a call a vertex that is awake, and one message a pair of sending partition and target; 9
 * bytes a vertex, and 12 a vertex of the whole graph for messages that are being combined.
 */
import { assert } from "../../basics";
import type { CsrGraph } from "../structure/csr-graph";
import { sortMail } from "./inbox";
import type { Inbox, Mail } from "./inbox";
import { Outbox } from "./outbox";
import type { VertexProgram, VertexView } from "./program";

/** By vertex of the partition: number `partition`, `partition + partitions`, and so on. */
export interface PartitionState {
  readonly partition: number;
  readonly partitions: number;
  readonly values: Float64Array;
  /** 0 for those that sleep. */
  readonly awake: Uint8Array;
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
  readonly mail: readonly number[][];
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
  const size = Math.max(0, Math.ceil((graph.vertices - partition) / partitions));
  const values = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    const id = partition + i * partitions;
    values[i] = program.initial({ id, vertices: graph.vertices, degree: graph.degree(id) });
  }
  return { partition, partitions, values, awake: new Uint8Array(size).fill(1) };
}

/** Changes `state`; returns what is to be sent. */
export function runSuperstep(
  graph: CsrGraph,
  program: VertexProgram,
  { state, step }: { readonly state: PartitionState; readonly step: Superstep },
): SuperstepResult {
  const { values, awake } = state;
  const inbox = sortMail(step.mail, state);
  const outbox = new Outbox(graph, program, state.partitions);
  const vertex = new VertexInHand({ graph, program, state, step, outbox });
  let [computed, waking] = [0, 0];
  // In the order of the vertices: sums of doubles depend on it.
  for (let i = 0; i < values.length; i++) {
    if (awake[i] === 0 && !inbox.hasMail(i)) continue;
    computed++;
    awake[i] = 1;
    vertex.compute(i, inbox);
    waking += awake[i];
  }
  return { mail: outbox.mail(), aggregates: vertex.aggregates, computed, awake: waking };
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

interface Surroundings {
  readonly graph: CsrGraph;
  readonly program: VertexProgram;
  readonly state: PartitionState;
  readonly step: Superstep;
  readonly outbox: Outbox;
}

/** One object for all vertices in turn: making one for each would take longer than programs do. */
class VertexInHand implements VertexView {
  id = 0;
  value = 0;
  degree = 0;
  readonly vertices: number;
  readonly superstep: number;
  readonly aggregates: Record<string, number>;
  private place = 0;

  constructor(private readonly around: Surroundings) {
    this.vertices = around.graph.vertices;
    this.superstep = around.step.superstep;
    this.aggregates = initialAggregates(around.program);
  }

  compute(place: number, inbox: Inbox): void {
    const { graph, program, state } = this.around;
    this.place = place;
    this.id = state.partition + place * state.partitions;
    this.degree = graph.degree(this.id);
    this.value = state.values[place];
    program.compute(this, inbox.messagesFor(place));
    state.values[place] = this.value;
  }

  get neighbours(): Uint32Array {
    return this.around.graph.neighbours(this.id);
  }

  get weights(): Float64Array | undefined {
    const { weights, offsets } = this.around.graph;
    return weights?.subarray(offsets[this.id], offsets[this.id + 1]);
  }

  readonly send = (target: number, message: number): void => {
    this.around.outbox.send(target, message);
  };

  readonly sendToAll = (message: number): void => {
    const { graph, outbox } = this.around;
    const end = graph.offsets[this.id + 1];
    for (let i = graph.offsets[this.id]; i < end; i++) outbox.send(graph.targets[i], message);
  };

  readonly voteToHalt = (): void => {
    this.around.state.awake[this.place] = 0;
  };

  readonly aggregate = (name: string, value: number): void => {
    this.aggregates[name] = this.aggregator(name).add(this.aggregates[name], value);
  };

  readonly aggregated = (name: string): number => {
    this.aggregator(name);
    return this.around.step.aggregates[name];
  };

  private aggregator(name: string) {
    const aggregator = this.around.program.aggregators?.[name];
    assert(aggregator !== undefined, "the program has no such aggregator", { name });
    return aggregator;
  }
}
