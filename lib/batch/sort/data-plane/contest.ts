/**
 * Which of many sorted runs has the next record.
 *
 * Source: D. Knuth, The Art of Computer Programming 3, section 5.4.1, tree of losers.
 * Guarantees: records of equal keys come in the order of their runs.
 * Cost: log2(k) comparisons a record for k runs, of 53 bits of the keys as a rule.
 */
import type { Arena } from "./arena";
import type { KeyOrder } from "./key-order";
import type { RunReader } from "./run-reader";
import type { Sink } from "./sink";

export class Contest {
  /** The prefix of each run's present record; Infinity when it has none. */
  private readonly heads: Float64Array;
  private readonly losers: Int32Array;
  /** The run whose present record comes next; -1 for no runs. */
  private winner: number;

  constructor(
    private readonly readers: readonly RunReader[],
    private readonly order: KeyOrder,
  ) {
    this.heads = new Float64Array(readers.length);
    readers.forEach((reader, i) => reader.advance(this.heads, i));
    this.losers = new Int32Array(readers.length);
    this.winner = readers.length === 0 ? -1 : this.playAll();
  }

  /** Merges into the sink's buffer until the next record does not fit; false: there is none. */
  play(arena: Arena, sink: Sink): boolean {
    const { readers, heads } = this;
    const { limit } = sink;
    let [{ winner }, { at }] = [this, sink];
    while (winner >= 0 && heads[winner] !== Infinity) {
      const reader = readers[winner] as RunReader;
      const { length } = reader;
      if (at + length > limit) break;
      arena.copy(at, reader.start, length);
      at += length;
      reader.advance(heads, winner);
      winner = this.replay(winner);
    }
    sink.at = at;
    this.winner = winner;
    return winner >= 0 && heads[winner] !== Infinity;
  }

  /** The run whose present record comes next; undefined: there is none. */
  present(): RunReader | undefined {
    const { winner, heads } = this;
    return winner < 0 || heads[winner] === Infinity ? undefined : this.readers[winner];
  }

  /** The present record was taken. */
  advance(): void {
    (this.readers[this.winner] as RunReader).advance(this.heads, this.winner);
    this.winner = this.replay(this.winner);
  }

  /** Puts the next record, which does not fit the sink's buffer. */
  put(sink: Sink): void {
    const reader = this.readers[this.winner] as RunReader;
    sink.put(reader.start, reader.length);
    this.advance();
  }

  /** The run at that leaf has another record: it meets the losers on its way up. */
  private replay(run: number): number {
    const { losers, heads } = this;
    let winner = run;
    for (let node = (run + losers.length) >> 1; node > 0; node >>= 1) {
      const loser = losers[node] as number;
      const [head, other] = [heads[loser] as number, heads[winner] as number];
      if (head > other || (head === other && !this.isTieBefore(loser, winner))) continue;
      losers[node] = winner;
      winner = loser;
    }
    return winner;
  }

  /** Of equal prefixes: by the whole key, then by run: equal records stay in their order. */
  private isTieBefore(left: number, right: number): boolean {
    if (this.heads[left] === Infinity) return left < right;
    const [one, two] = [this.readers[left] as RunReader, this.readers[right] as RunReader];
    const difference = this.order.compare(one.start, one.length, two.start, two.length);
    return difference === 0 ? left < right : difference < 0;
  }

  private isBefore(left: number, right: number): boolean {
    const [head, other] = [this.heads[left] as number, this.heads[right] as number];
    return head === other ? this.isTieBefore(left, right) : head < other;
  }

  /** Plays the first tournament: leaves are the nodes from `count` on; returns who won it. */
  private playAll(): number {
    const count = this.losers.length;
    const winners = new Int32Array(2 * count);
    for (let i = 0; i < count; i++) winners[count + i] = i;
    for (let node = count - 1; node > 0; node--) {
      const [left, right] = [winners[2 * node] as number, winners[2 * node + 1] as number];
      const isLeft = this.isBefore(left, right);
      winners[node] = isLeft ? left : right;
      this.losers[node] = isLeft ? right : left;
    }
    return winners[1] as number;
  }
}
