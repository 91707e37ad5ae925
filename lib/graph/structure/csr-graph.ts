/**
 * A graph as compressed sparse rows in shared memory: the neighbours of all vertices one after the
 * other in one array, so that worker threads walk them without a copy.
 *
 * Source: the usual form of sparse matrices; here as in S. Beamer, K. Asanovic, D. Patterson, "The
 * GAP Benchmark Suite", 2015: each list sorted, undirected edges in the lists of both their ends.
 * Cost: 4 bytes a vertex and 4 an arc (12 with weights); a transpose as much again.
 */
import { transposeArrays } from "./transpose";
import type { RangedArrays } from "./transpose";

/** What a graph consists of, as it travels to worker threads. */
export interface GraphArrays extends RangedArrays {
  readonly isDirected: boolean;
}

export class CsrGraph {
  readonly isDirected: boolean;
  /** The neighbours of v are `targets[offsets[v]]` up to `targets[offsets[v + 1] - 1]`. */
  readonly offsets: Uint32Array;
  /** Sorted within each list. A loop of an undirected graph is in its vertex's list once. */
  readonly targets: Uint32Array;
  /** By arc, as `targets`; undefined: every weight is 1. */
  readonly weights: Float64Array | undefined;
  private transposed: CsrGraph | undefined;
  private loopCount: number | undefined;

  constructor(arrays: GraphArrays) {
    this.isDirected = arrays.isDirected;
    this.offsets = arrays.offsets;
    this.targets = arrays.targets;
    this.weights = arrays.weights;
  }

  get vertices(): number {
    return this.offsets.length - 1;
  }

  /** Entries of all lists: the edges of a directed graph, nearly twice those of an undirected. */
  get arcs(): number {
    return this.targets.length;
  }

  /** Each edge counted once. */
  get edges(): number {
    return this.isDirected ? this.arcs : (this.arcs + this.loops) / 2;
  }

  /** Edges from a vertex to itself. */
  get loops(): number {
    return (this.loopCount ??= countLoops(this));
  }

  /** Length of the list of `vertex`: its out-degree in a directed graph. */
  degree(vertex: number): number {
    return this.offsets[vertex + 1] - this.offsets[vertex];
  }

  /** A view of the list of `vertex`, not a copy. */
  neighbours(vertex: number): Uint32Array {
    return this.targets.subarray(this.offsets[vertex], this.offsets[vertex + 1]);
  }

  /** Each edge once, as `[source, target]`; of an undirected one the smaller end comes first. */
  edgeList(): [source: number, target: number][] {
    const edges: [number, number][] = [];
    for (let source = 0; source < this.vertices; source++) {
      for (const target of this.neighbours(source)) {
        if (this.isDirected || target >= source) edges.push([source, target]);
      }
    }
    return edges;
  }

  hasEdge(source: number, target: number): boolean {
    const { targets, offsets } = this;
    let [low, high] = [offsets[source], offsets[source + 1]];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (targets[middle] < target) low = middle + 1;
      else high = middle;
    }
    return low < offsets[source + 1] && targets[low] === target;
  }

  /** Every arc turned round; the graph itself when it is undirected. Made once and kept. */
  transpose(): CsrGraph {
    if (!this.isDirected) return this;
    if (this.transposed !== undefined) return this.transposed;
    this.transposed = new CsrGraph({ ...transposeArrays(this), isDirected: true });
    this.transposed.transposed = this;
    return this.transposed;
  }

  /** Whether `transpose` costs nothing: it was made before, or there is nothing to make. */
  get hasTranspose(): boolean {
    return !this.isDirected || this.transposed !== undefined;
  }

  /** What a worker thread needs to build the same graph over the same memory. */
  get arrays(): GraphArrays {
    const { isDirected, offsets, targets, weights } = this;
    return { isDirected, offsets, targets, weights };
  }

  toString(): string {
    const kind = this.isDirected ? "directed" : "undirected";
    const weighted = this.weights === undefined ? "" : ", weighted";
    const count = (value: number): string => value.toLocaleString("en-GB");
    return `${kind} graph: ${count(this.vertices)} vertices, ${count(this.edges)} edges${weighted}`;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

function countLoops({ vertices, offsets, targets }: CsrGraph): number {
  let loops = 0;
  for (let vertex = 0; vertex < vertices; vertex++) {
    for (let i = offsets[vertex]; i < offsets[vertex + 1]; i++) {
      if (targets[i] === vertex) loops++;
    }
  }
  return loops;
}
