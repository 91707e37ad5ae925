/**
 * Keys drawn evenly from a stream of unknown length.
 *
 * Source: J. Vitter, "Random Sampling with a Reservoir", ACM TOMS 1985, Algorithm R.
 * Cost: one draw a row; at most `size` keys in memory.
 */
import { Random } from "../../../basics";
import type { SortKey } from "../options";
import { FunctionError } from "./functions";

const size = 1_000;

/** What a partition tells of its keys. */
export interface SampledKeys {
  readonly keys: readonly SortKey[];
  /** Rows that the keys stand for. */
  readonly rows: number;
}

export class KeySample {
  private readonly keys: SortKey[] = [];
  private rows = 0;
  private readonly random: Random;

  constructor(seed: number, partition: number) {
    this.random = new Random(seed, partition);
  }

  add(rows: readonly unknown[], call: (row: unknown) => SortKey): void {
    for (const row of rows) {
      const at = this.rows < size ? this.rows : this.random.below(this.rows + 1);
      this.rows++;
      if (at < size) this.keys[at] = keyOf(row, call);
    }
  }

  result(): SampledKeys {
    return { keys: this.keys, rows: this.rows };
  }
}

function keyOf(row: unknown, call: (row: unknown) => SortKey): SortKey {
  try {
    return call(row);
  } catch (error) {
    throw new FunctionError(`sortBy: ${(error as Error).message}`);
  }
}
