/**
 * Which machine is counted when: the upload that is due at each row. Postal ballots come first,
 * then the machines in 20 rounds, those of one round in a mixed order, as the country's counting
 * halls send them. Any row can be asked for by itself.
 */
import { Permutation } from "../permutation";
import { constituencies } from "./constituencies";

export const countingRounds = 20;
/** Counting centres of a constituency: one for each of its assembly segments, seven for most. */
export const centresPerConstituency = 7;

/** More cells than four times the constituencies: most searches end where they begin. */
const guideCells = 2_048;

/** An upload that is due. */
export interface Slot {
  /** 0 for postal ballots, else 1 to 20. */
  round: number;
  /** Index into `constituencies`. */
  constituency: number;
  /** Number of the polling station within the constituency, from 0; -1 for postal ballots. */
  station: number;
  /** Number of the machine within the country, from 0; -1 for postal ballots. */
  machine: number;
}

export class Schedule {
  /** Polling stations, each with one machine, of every constituency. */
  readonly stations: readonly number[];
  private readonly postal: number;
  private readonly firstMachine: Float64Array;
  /** By round: its first row, its mixed order, and the stations of each constituency up to it. */
  private readonly firstRow: number[] = [];
  private readonly orders: Permutation[] = [];
  private readonly upTo: Float64Array[] = [];
  private readonly guides: Uint16Array[] = [];
  /** By round and constituency: station of a place - place. */
  private readonly stationOffsets: Float64Array[] = [];
  /** The round of the row that was asked for last: the next row is nearly always of the same. */
  private latest = 0;
  private nextRow = 0;

  constructor(
    readonly rows: number,
    seed: number,
  ) {
    this.postal = Math.min(constituencies.length, Math.floor(rows / 2));
    this.stations = apportion(rows - this.postal);
    this.firstMachine = runningSums(this.stations);
    const noneBefore = new Array<number>(constituencies.length).fill(0);
    const postal = constituencies.map((_, index) => (index < this.postal ? 1 : 0));
    this.addRound(postal, noneBefore, seed);
    for (let round = 0; round < countingRounds; round++) {
      const before = this.stations.map((count) => firstOfRound(count, round));
      const counts = this.stations.map((count, i) => firstOfRound(count, round + 1) - before[i]);
      this.addRound(counts, before, seed + round + 1);
    }
  }

  /** Writes the upload that is due at `row` into `slot`. */
  fill(row: number, slot: Slot): void {
    const round = this.roundAt(row);
    const place = this.orders[round].at(row - this.firstRow[round]);
    const constituency = this.constituencyAt(round, place);
    slot.round = round;
    slot.constituency = constituency;
    slot.station = -1;
    slot.machine = -1;
    if (round === 0) return;
    slot.station = place + this.stationOffsets[round][constituency];
    slot.machine = this.firstMachine[constituency] + slot.station;
  }

  /** The round that `row` belongs to. */
  roundAt(row: number): number {
    const { firstRow, latest } = this;
    const isLatest = row >= firstRow[latest] && row < (firstRow[latest + 1] ?? Infinity);
    if (!isLatest) this.latest = last(firstRow, row);
    return this.latest;
  }

  /** The last one whose first place is at most `place`; the guide points at it or just before. */
  private constituencyAt(round: number, place: number): number {
    const upTo = this.upTo[round];
    const cell = (place * (guideCells / this.orders[round].size)) | 0;
    let index = this.guides[round][cell];
    while (upTo[index + 1] <= place) index++;
    return index;
  }

  /** The share of its round (0 to 1) that has come before `row`. */
  progress(row: number, round: number): number {
    return (row - this.firstRow[round]) / this.orders[round].size;
  }

  /** `counts`, `before`: stations of each constituency in this round, and in those before it. */
  private addRound(counts: readonly number[], before: readonly number[], seed: number): void {
    const sums = runningSums(counts);
    this.stationOffsets.push(Float64Array.from(before, (station, i) => station - sums[i]));
    const size = sums[counts.length];
    this.firstRow.push(this.nextRow);
    this.nextRow += size;
    this.orders.push(new Permutation(Math.max(1, size), seed));
    this.upTo.push(sums);
    this.guides.push(guideTo(sums, size));
  }
}

/** The first station that is counted in a round (from 0) or later. */
function firstOfRound(stations: number, round: number): number {
  return Math.ceil((round * stations) / countingRounds);
}

/**
 * Shares out `total` machines by the constituencies' weights; the rounding errors do not add up.
 */
function apportion(total: number): number[] {
  const weights = constituencies.map(({ weight }) => weight);
  const sum = weights.reduce((a, b) => a + b, 0);
  let [reached, given] = [0, 0];
  return weights.map((weight) => {
    reached += weight;
    const upTo = Math.round((reached / sum) * total);
    const share = upTo - given;
    given = upTo;
    return share;
  });
}

/** Element i: the sum of what stands before i; one element more than `counts`. */
function runningSums(counts: readonly number[]): Float64Array {
  const sums = new Float64Array(counts.length + 1);
  counts.forEach((count, index) => (sums[index + 1] = sums[index] + count));
  return sums;
}

/** Cell c: an index at or just before the last sum that is at most any place of the cell. */
function guideTo(sums: Float64Array, size: number): Uint16Array {
  return Uint16Array.from({ length: guideCells }, (_, cell) =>
    last(sums, Math.max(0, Math.floor((cell * size) / guideCells) - 1)),
  );
}

/** The last index whose value is at most `target`, in a list that does not fall. */
function last(values: ArrayLike<number>, target: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (values[middle] <= target) low = middle;
    else high = middle - 1;
  }
  return low;
}
