/**
 * The rush on real processes: three shards on three machines, a gate each, and a gateway that
 * charges every ticket; a crowd that does not wait for others comes for five seconds, asks again
 * after one, and leaves after three tries.
 */
import { realRush } from "dabbawala/scenarios/irctc";
import type { RealRushResult } from "dabbawala/scenarios/irctc";
import type { BenchmarkRow } from "../benchmark";

const seconds = 5;
/** A queue that is gone before patience is; as many under way as fill the batches of a shard. */
const gate = { window: 512, maxQueue: 500, queueMs: 300 };

export async function rushRow(perSecond: number): Promise<BenchmarkRow> {
  const crowd = { perSecond: new Array<number>(seconds).fill(perSecond) };
  const gated = await realRush({ ...crowd, gate });
  const open = await realRush({ ...crowd, gate: null });
  for (const { books, bankPaise } of [gated, open]) {
    const kept = books.reduce((sum, { keptPaise }) => sum + keptPaise, 0);
    if (kept !== bankPaise) throw new Error(`${kept} paise of tickets, ${bankPaise} at the bank`);
  }
  const rate = perSecond.toLocaleString("en-GB");
  return {
    work: `${rate} requests/s for ${seconds} s, 3 shards on 3 machines, paid`,
    ours: `with gates ${textOf(gated)}`,
    peer: `without ${textOf(open)}`,
    ratio: gated.goodput / open.goodput,
    bar: null,
  };
}

function textOf({ goodput, times, looks, unclaimed, settledMs }: RealRushResult): string {
  const sorted = [...times].sort((left, right) => left - right);
  const ms = (share: number): string =>
    `${Math.round(sorted[Math.floor(share * (sorted.length - 1))] ?? NaN)}`;
  const whole = (count: number): string => Math.round(count).toLocaleString("en-GB");
  const longest = Math.max(...looks.map(({ waiting }) => waiting));
  const latencies = `p50 ${ms(0.5)}, p95 ${ms(0.95)}, p99 ${ms(0.99)} ms`;
  const ends = `${whole(unclaimed)} tickets of people who had left`;
  const paid = `all paid after ${(settledMs / 1_000).toFixed(0)} s`;
  return `${whole(goodput)} served/s, ${latencies}, ${whole(longest)} wait, ${ends}, ${paid}`;
}
