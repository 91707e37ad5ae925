/**
 * A first look at candidates: a fifth of their columns, two thousand pairs at a time, before all of
 * a picture is fetched from memory. Nine strangers of ten are told by it.
 *
 * Guarantees: a pair that differs in at most the threshold passes but for one in three million:
 * what is asked for is the threshold and five standard deviations of a fifth of the bits.
 * Cost: 50 ns a pair, for the memory of several is fetched at once; a whole comparison takes 250.
 */
import type { IrisGallery } from "./gallery";
import { glancer } from "./match-module";
import { commonOf, differingOf } from "./matcher";
import type { MatcherKind } from "./matcher";
import { countsAt, glanceColumns, glanceMargin, maxBatch, scratchBytes } from "./picture";

export interface Glance {
  add(row: number, turn: number, other: number): void;
  /** Looks at what is left. */
  flush(): void;
}

export interface GlanceOptions {
  readonly kind: MatcherKind;
  readonly worker: number;
  readonly threshold: number;
  /** What those who pass are handed to. */
  readonly compare: (row: number, turn: number, other: number) => void;
}

export function makeGlance(gallery: IrisGallery, options: GlanceOptions): Glance {
  if (options.kind === "plain") return { add: options.compare, flush: () => undefined };
  return new SimdGlance(gallery, options);
}

const pairsOfList = maxBatch / 2;
const deviations = 5;

/** By number of bits in common, the most that may differ. */
function glanceLimits(threshold: number): Int16Array {
  return Int16Array.from({ length: 8 * glanceColumns + 1 }, (_, common) => {
    const deviation = Math.sqrt(common * threshold * (1 - threshold));
    return Math.ceil(common * threshold + deviations * deviation);
  });
}

class SimdGlance implements Glance {
  private readonly run;
  /** In the memory of the module: two addresses a pair, or what came of them. */
  private readonly list: Int32Array;
  private readonly limits: Int16Array;
  private readonly rows = new Int32Array(pairsOfList);
  private readonly others = new Int32Array(pairsOfList);
  private readonly turns = new Int8Array(pairsOfList);
  private size = 0;

  constructor(
    private readonly gallery: IrisGallery,
    private readonly options: GlanceOptions,
  ) {
    const { memory } = gallery;
    this.run = glancer(memory);
    const scratch = options.worker * scratchBytes;
    this.list = new Int32Array(memory.buffer, scratch + countsAt, maxBatch);
    this.limits = glanceLimits(options.threshold);
  }

  add(row: number, turn: number, other: number): void {
    const at = this.size++;
    this.rows[at] = row;
    this.turns[at] = turn;
    this.others[at] = other;
    if (this.size === pairsOfList) this.flush();
  }

  flush(): void {
    const { gallery, list, rows, others, turns, size, limits } = this;
    for (let i = 0; i < size; i++) {
      list[2 * i] = gallery.glanceOf(rows[i]) + glanceMargin + turns[i];
      list[2 * i + 1] = gallery.glanceOf(others[i]) + glanceMargin;
    }
    this.run(list.byteOffset, list.byteOffset + 8 * size);
    this.size = 0;
    // Whole comparisons use the same scratch space: first the list of those who pass.
    const passed: number[] = [];
    for (let i = 0; i < size; i++) {
      if (differingOf(list[2 * i]) <= limits[commonOf(list[2 * i])]) passed.push(i);
    }
    for (const i of passed) this.options.compare(rows[i], turns[i], others[i]);
  }
}
