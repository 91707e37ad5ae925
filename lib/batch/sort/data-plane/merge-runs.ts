/**
 * Merges a range of all runs into its place in the output.
 *
 * Source: D. Knuth, The Art of Computer Programming 3, section 5.4.1, tree of losers.
 * Cost: log2(k) comparisons a record for k runs, of 53 bits of the keys as a rule.
 */
import { closeSync, openSync } from "fs";
import type { RunRef, SortTask } from "../tasks";
import type { Arena } from "./arena";
import { planMerge } from "./arena-plan";
import type { KeyOrder } from "./key-order";
import { endOf, findCut } from "./find-cut";
import type { Cut } from "./run-reader";
import { RunReader } from "./run-reader";
import { Sink } from "./sink";

export interface MergeSettings {
  readonly arena: Arena;
  readonly order: KeyOrder;
  /** Exists; the bytes of the range are written to their place in it. */
  readonly outputFile: string;
  /** Bytes of the output before the first record. */
  readonly outputStart: number;
}

/** Returns the bytes that were merged. */
export async function mergeRuns(
  { runs, low, high }: SortTask & { kind: "merge" },
  { arena, order, outputFile, outputStart }: MergeSettings,
): Promise<number> {
  const { output, readers: places } = planMerge(arena.bytes.length, runs);
  const cutAt = (splitter: typeof low, run: RunRef, i: number, without: Cut): Cut => {
    if (splitter === undefined) return without;
    const { data, index } = places[i] as (typeof places)[0];
    return findCut(run, i, { splitter, search: { arena, order, data, index } });
  };
  const lows = runs.map((run, i) => cutAt(low, run, i, { record: 0, byte: 0 }));
  const highs = runs.map((run, i) => cutAt(high, run, i, endOf(run)));
  const before = lows.reduce((sum, { byte }) => sum + byte, 0);
  const bytes = highs.reduce((sum, { byte }) => sum + byte, 0) - before;
  const readers: RunReader[] = [];
  const descriptor = openSync(outputFile, "r+");
  try {
    runs.forEach((run, i) => {
      const place = places[i] as (typeof places)[0];
      const cuts = { low: lows[i] as Cut, high: highs[i] as Cut };
      readers.push(new RunReader(arena, run, { ...place, ...cuts }));
    });
    const sink = new Sink(arena, descriptor, { ...output, position: outputStart + before });
    await merge(arena, { readers, order }, sink);
    await sink.end();
    return bytes;
  } finally {
    for (const reader of readers) reader.close();
    closeSync(descriptor);
  }
}

interface Contest {
  readonly readers: readonly RunReader[];
  readonly order: KeyOrder;
}

async function merge(arena: Arena, contest: Contest, sink: Sink): Promise<void> {
  const { readers } = contest;
  const count = readers.length;
  const heads = Float64Array.from(readers, (reader) => reader.advance());
  const isBefore = makeIsBefore(contest, heads);
  const losers = new Int32Array(count);
  let winner = count === 0 ? -1 : playAll(losers, isBefore);
  while (winner >= 0 && heads[winner] !== Infinity) {
    const reader = readers[winner] as RunReader;
    const { length } = reader;
    if (sink.at + length <= sink.limit) {
      arena.copy(sink.at, reader.start, length);
      sink.at += length;
    } else await sink.put(reader.start, length);
    heads[winner] = reader.advance();
    for (let node = (winner + count) >> 1; node > 0; node >>= 1) {
      const loser = losers[node] as number;
      if (!isBefore(loser, winner)) continue;
      losers[node] = winner;
      winner = loser;
    }
  }
}

type IsBefore = (left: number, right: number) => boolean;

/** By prefix, then whole, then by run: equal records stay in their order. */
function makeIsBefore({ readers, order }: Contest, heads: Float64Array): IsBefore {
  return (left, right) => {
    const [head, other] = [heads[left] as number, heads[right] as number];
    if (head !== other) return head < other;
    if (head === Infinity) return left < right;
    const [one, two] = [readers[left] as RunReader, readers[right] as RunReader];
    const difference = order.compare(one.start, one.length, two.start, two.length);
    return difference === 0 ? left < right : difference < 0;
  };
}

/** Plays the first tournament: leaves are the nodes from `count` on; returns who won it. */
function playAll(losers: Int32Array, isBefore: IsBefore): number {
  const count = losers.length;
  const winners = new Int32Array(2 * count);
  for (let i = 0; i < count; i++) winners[count + i] = i;
  for (let node = count - 1; node > 0; node--) {
    const [left, right] = [winners[2 * node] as number, winners[2 * node + 1] as number];
    const isLeft = isBefore(left, right);
    winners[node] = isLeft ? left : right;
    losers[node] = isLeft ? right : left;
  }
  return winners[1] as number;
}
