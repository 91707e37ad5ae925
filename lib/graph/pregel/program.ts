/**
 * What a user writes: what one vertex does in one superstep, with the messages it was sent.
 *
 * Source: G. Malewicz and others, "Pregel: A System for Large-Scale Graph Processing", SIGMOD 2010,
 * section 3. Ours differs: values and messages are numbers, and the graph does not change.
 */
export interface VertexProgram {
  /** The value of each vertex before superstep 0. */
  readonly initial: (vertex: VertexStart) => number;
  /**
   * Called for every vertex that is awake or has messages; section 3.1. What it is given holds for
   * the call alone.
   */
  readonly compute: (vertex: VertexView, messages: readonly number[]) => void;
  /** Makes one message of two to the same vertex; section 3.2. Must not depend on order. */
  readonly combine?: (left: number, right: number) => number;
  /** Sums over all vertices, known to all in the next superstep; section 3.3. */
  readonly aggregators?: Readonly<Record<string, Aggregator>>;
  /** For threads: what the functions use from outside, plain data and functions, by name. */
  readonly scope?: Readonly<Record<string, unknown>>;
  /** For threads: the CommonJS file that exports this program, instead of its functions' text. */
  readonly module?: { readonly file: string; readonly exportName: string };
}

export interface Aggregator {
  readonly initial: number;
  /** Must not depend on order. */
  readonly add: (left: number, right: number) => number;
}

export interface VertexStart {
  readonly id: number;
  readonly vertices: number;
  readonly degree: number;
}

export interface VertexView extends VertexStart {
  readonly superstep: number;
  value: number;
  readonly neighbours: Uint32Array;
  /** Of the arcs to `neighbours`; undefined: every weight is 1. */
  readonly weights: Float64Array | undefined;
  /** Arrives in the next superstep. */
  readonly send: (target: number, message: number) => void;
  readonly sendToAll: (message: number) => void;
  /** Sleeps until a message comes. */
  readonly voteToHalt: () => void;
  readonly aggregate: (name: string, value: number) => void;
  /** What all vertices gave in the superstep before; the initial value in superstep 0. */
  readonly aggregated: (name: string) => number;
}
