/**
 * The rush on real processes: three shards on three machines, a gate each, and a gateway that
 * charges every ticket; a crowd that does not wait for others comes for five seconds, asks again
 * after one, and leaves after three tries. "Wait": the most people without an answer at a time;
 * "unclaimed": tickets of people who had left; "paid in": until the last payment was answered.
 *
 * One run each, and crowd and servers share the cores, so read them as a story: where saturation
 * begins moves with the machine. On a quiet one 8,000 a second were served either way (ratio 0.98);
 * beside other work 1.16 and 4.60. At 16,000, only ever measured beside other work, 2.94 and 0.45.
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
  for (const result of [gated, open]) checkMoney(result);
  const rate = perSecond.toLocaleString("en-GB");
  return {
    work: `${rate} requests/s for ${seconds} s, 3 shards of 3 servers, paid`,
    ours: `gates: ${textOf(gated)}`,
    peer: `no gates: ${textOf(open)}`,
    ratio: gated.goodput / open.goodput,
    bar: null,
  };
}

function isSettled({ books }: RealRushResult): boolean {
  return books.every(({ orders }) => orders === 0);
}

/** Every rupee at the bank is for a ticket, once all orders to it are answered. */
function checkMoney(result: RealRushResult): void {
  const kept = result.books.reduce((sum, { keptPaise }) => sum + keptPaise, 0);
  if (!isSettled(result) || kept === result.bankPaise) return;
  throw new Error(`${kept} paise of tickets, but ${result.bankPaise} at the bank`);
}

function textOf(result: RealRushResult): string {
  const { goodput, times, looks, unclaimed, settledMs } = result;
  const sorted = [...times].sort((left, right) => left - right);
  const ms = (share: number): string =>
    `${Math.round(sorted[Math.floor(share * (sorted.length - 1))] ?? NaN)}`;
  const whole = (count: number): string => Math.round(count).toLocaleString("en-GB");
  const longest = Math.max(...looks.map(({ waiting }) => waiting));
  const latencies = `p50 ${ms(0.5)}, p95 ${ms(0.95)}, p99 ${ms(0.99)} ms`;
  const lines = `${whole(longest)} wait, ${whole(unclaimed)} unclaimed`;
  const paid = `${isSettled(result) ? "paid in" : "not all paid in"} ${whole(settledMs / 1_000)} s`;
  return `${whole(goodput)}/s, ${latencies}, ${lines}, ${paid}`;
}
