/** Pairs of pictures that match, found by many threads at once; bounded. */
export interface IrisMatch {
  /** The later of the two pictures. */
  readonly row: number;
  /** The earlier one. */
  readonly of: number;
  /** Columns by which `row` was turned to fit. */
  readonly rotation: number;
  /** Normalised distance, 0 to 1. */
  readonly distance: number;
}

export interface MatchArrays {
  /** How many were found; more than there is room for are counted, not kept. */
  readonly size: Int32Array;
  /** Four numbers a match. */
  readonly cells: Float32Array;
}

const cellsOfMatch = 4;

export class MatchList {
  constructor(readonly arrays: MatchArrays) {}

  static shared(capacity: number): MatchList {
    const bytes = capacity * cellsOfMatch * Float32Array.BYTES_PER_ELEMENT;
    return new MatchList({
      size: new Int32Array(new SharedArrayBuffer(4)),
      cells: new Float32Array(new SharedArrayBuffer(bytes)),
    });
  }

  /** Rows are whole numbers below 2^24, which 32-bit floats hold exactly. */
  add({ row, of, rotation, distance }: IrisMatch): void {
    const { size, cells } = this.arrays;
    const at = Atomics.add(size, 0, 1) * cellsOfMatch;
    if (at >= cells.length) return;
    cells[at] = row;
    cells[at + 1] = of;
    cells[at + 2] = rotation;
    cells[at + 3] = distance;
  }

  /** By row, then by the earlier row; of equal pairs the closest alone. */
  sorted(): IrisMatch[] {
    const { size, cells } = this.arrays;
    const capacity = cells.length / cellsOfMatch;
    if (size[0] > capacity) {
      throw new RangeError(
        `${size[0]} matches are more than maxMatches, ${capacity}: ` +
          "lower the threshold, or raise maxMatches",
      );
    }
    const all = Array.from({ length: size[0] }, (_, i) => {
      const [row, of, rotation, distance] = cells.subarray(i * cellsOfMatch);
      return { row, of, rotation, distance } as IrisMatch;
    });
    all.sort((a, b) => a.row - b.row || a.of - b.of || a.distance - b.distance);
    return all.filter((match, i) => {
      const before = all[i - 1] as IrisMatch | undefined;
      return before === undefined || before.row !== match.row || before.of !== match.of;
    });
  }
}
