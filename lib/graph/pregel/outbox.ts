/** What the vertices of a partition send in a superstep, by receiving partition. */
import { InputError } from "../../basics";
import type { CsrGraph } from "../structure/csr-graph";
import type { VertexProgram } from "./program";

export class Outbox {
  private readonly bundles: number[][];
  private readonly vertices: number;
  /** By target, for a combiner: where in its bundle the message lies; 0: there is none yet. */
  private readonly places: Uint32Array;

  constructor(
    graph: CsrGraph,
    private readonly program: VertexProgram,
    partitions: number,
  ) {
    this.bundles = Array.from({ length: partitions }, () => []);
    this.vertices = graph.vertices;
    this.places = placesOf(graph);
  }

  send(target: number, message: number): void {
    const isThere = Number.isInteger(target) && target >= 0 && target < this.vertices;
    if (!isThere) {
      throw new InputError(`a message to vertex ${target}: the graph has ${this.vertices}`);
    }
    const bundle = this.bundles[target % this.bundles.length];
    const { combine } = this.program;
    const place = combine === undefined ? 0 : this.places[target];
    if (place > 0 && combine !== undefined) {
      bundle[place] = combine(bundle[place], message);
      return;
    }
    bundle.push(target, message);
    this.places[target] = bundle.length - 1;
  }

  /** In the order of sending; combined ones where the first of them was. */
  mail(): number[][] {
    for (const bundle of this.bundles) {
      for (let i = 0; i < bundle.length; i += 2) this.places[bundle[i]] = 0;
    }
    return this.bundles;
  }
}

/** All zero between two supersteps: clearing it for each would take longer than short ones do. */
const known = new WeakMap<CsrGraph, Uint32Array>();

function placesOf(graph: CsrGraph): Uint32Array {
  const places = known.get(graph) ?? new Uint32Array(graph.vertices);
  known.set(graph, places);
  return places;
}
