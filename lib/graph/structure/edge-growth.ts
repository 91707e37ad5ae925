/** Edges gathered one by one in typed arrays that grow, for readers and generators. */
import type { EdgeArrays } from "./build-graph";

export class EdgeGrowth {
  private sources: Uint32Array;
  private targets: Uint32Array;
  private weights: Float64Array | undefined;
  length = 0;

  constructor(expected = 1_024, isWeighted = false) {
    this.sources = new Uint32Array(expected);
    this.targets = new Uint32Array(expected);
    if (isWeighted) this.weights = new Float64Array(expected);
  }

  add(source: number, target: number, weight = 1): void {
    if (this.length === this.sources.length) this.grow();
    this.sources[this.length] = source;
    this.targets[this.length] = target;
    if (this.weights !== undefined) this.weights[this.length] = weight;
    this.length++;
  }

  /** Of an end that was added before: the ends of edge i are 2 i and 2 i + 1. */
  endAt(index: number): number {
    return index % 2 === 0 ? this.sources[index >>> 1] : this.targets[index >>> 1];
  }

  /** Views of what was added. */
  get edges(): EdgeArrays {
    return {
      sources: this.sources.subarray(0, this.length),
      targets: this.targets.subarray(0, this.length),
      weights: this.weights?.subarray(0, this.length),
    };
  }

  private grow(): void {
    const length = Math.max(16, this.length * 2);
    this.sources = enlarged(this.sources, new Uint32Array(length));
    this.targets = enlarged(this.targets, new Uint32Array(length));
    if (this.weights !== undefined) {
      this.weights = enlarged(this.weights, new Float64Array(length));
    }
  }
}

function enlarged<A extends Uint32Array | Float64Array>(old: A, larger: A): A {
  larger.set(old);
  return larger;
}
