/**
 * The rush on real processes: three shards on three machines, a door each, and a gateway that
 * charges every ticket; a crowd that does not wait for others comes for four seconds, asks again
 * after half a second, and leaves after another: a rush that is short against patience is served by
 * a queue as well. A door is a gate that refuses, or a queue without end.
 *
 * How much the servers can take depends on what else the machine does, and so did the figures of a
 * crowd that was sized by that: in some rounds it was no overload at all. So each door lets one
 * through every 5 ms, far less than the servers can take, and both kinds of doors are tried at the
 * same time. What no other work changes is which of the tickets that were sold are for people who
 * are still there: the second row. Medians of the rounds, with the least and the most; percentiles
 * over all rounds; "wait": the most people without an answer at a time; "paid": after the last
 * payment was answered.
 */
import { realRush } from "dabbawala/scenarios/irctc";
import type { RealRushResult } from "dabbawala/scenarios/irctc";
import { median, quantile } from "simple-statistics";
import type { BenchmarkRow } from "../benchmark";

const seconds = 4;
const serviceMs = 5;
/** Of all three doors, a second. */
const capacity = (3 * 1_000) / serviceMs;
/** A queue that is gone before patience is. */
const gate = { serviceMs, window: 256, maxQueue: 30, queueMs: 150 };
const line = { serviceMs, window: 256, maxQueue: null, queueMs: null, isFair: false };

interface Round {
  readonly gated: RealRushResult;
  readonly lined: RealRushResult;
}

export async function rushRows(): Promise<BenchmarkRow[]> {
  const half = [await roundOf(0.5), await roundOf(0.5)];
  const twice = [await roundOf(2), await roundOf(2), await roundOf(2)];
  return [goodputRow("half", half), goodputRow("twice", twice), claimedRow("twice", twice)];
}

async function roundOf(load: number): Promise<Round> {
  const perSecond = new Array<number>(seconds).fill(load * capacity);
  const rush = { perSecond, patienceMs: 500, tries: 2, settleMs: 60_000 };
  const [gated, lined] = await Promise.all([
    realRush({ ...rush, gate }),
    realRush({ ...rush, gate: line }),
  ]);
  checkMoney(gated);
  checkMoney(lined);
  return { gated, lined };
}

function goodputRow(load: string, rounds: readonly Round[]): BenchmarkRow {
  const ratios = rounds.map(({ gated, lined }) => gated.goodput / lined.goodput);
  return {
    work: `rush of ${load} what the doors let through, 3 shards of 3 servers, paid: in time`,
    ours: `gates: ${textOf(rounds.map(({ gated }) => gated))}`,
    peer: `queues: ${textOf(rounds.map(({ lined }) => lined))}`,
    ratio: median(ratios),
    bar: null,
  };
}

function claimedRow(load: string, rounds: readonly Round[]): BenchmarkRow {
  const [gated, lined] = (["gated", "lined"] as const).map((side) =>
    rounds.map((round) => claimedShare(round[side])),
  );
  return {
    work: `rush of ${load} what the doors let through: tickets for people who are still there`,
    ours: `gates: ${spread(gated ?? [], (share) => (100 * share).toFixed(0))} % of those sold`,
    peer: `queues: ${spread(lined ?? [], (share) => (100 * share).toFixed(0))} %`,
    ratio: median(gated ?? []) / median(lined ?? []),
    bar: null,
  };
}

function claimedShare({ books, unclaimed }: RealRushResult): number {
  return 1 - unclaimed / books.reduce((sum, { tickets }) => sum + tickets, 0);
}

/** Every rupee at the bank is for a ticket. */
export function checkMoney({
  books,
  bankPaise,
}: Pick<RealRushResult, "books" | "bankPaise">): void {
  const kept = books.reduce((sum, { keptPaise }) => sum + keptPaise, 0);
  const open = books.reduce((sum, { orders }) => sum + orders, 0);
  if (open === 0 && kept === bankPaise) return;
  throw new Error(`${kept} paise of tickets, ${bankPaise} at the bank, ${open} orders open`);
}

function textOf(results: readonly RealRushResult[]): string {
  const times = results.flatMap(({ times: own }) => own);
  const [p50, p95, p99] = quantile([...times], [0.5, 0.95, 0.99]).map(Math.round);
  const longest = results.map(({ looks }) => Math.max(...looks.map(({ waiting }) => waiting)));
  const goodput = results.map((result) => result.goodput);
  const settled = median(results.map(({ settledMs }) => settledMs)) / 1_000;
  const lines = `${whole(median(longest))} wait, paid after ${settled.toFixed(0)} s`;
  return `${spread(goodput, whole)}/s, p50 ${p50}, p95 ${p95}, p99 ${p99} ms, ${lines}`;
}

/** "540 (502 to 561)" */
function spread(values: readonly number[], say: (value: number) => string): string {
  return `${say(median([...values]))} (${say(Math.min(...values))} to ${say(Math.max(...values))})`;
}

export function whole(count: number): string {
  return Math.round(count).toLocaleString("en-GB");
}
