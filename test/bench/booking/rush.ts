/**
 * The rush on real processes: three shards on three machines, a gate each, and a gateway that
 * charges every ticket; a crowd that does not wait for others comes for four seconds, asks again
 * after one, and leaves after three tries. Goodput is who was answered while still there, a second.
 *
 * Crowd and servers share the cores, and what they can serve changes with whatever else runs, so
 * rates are no constants: each round sends twice what the gates have served in the round before,
 * to both sides in turns; the first round only warms up. Then half of it, where nobody need be
 * refused. Which side begins changes. A row has medians with the least and the most, percentiles
 * over all rounds, and the median of the rounds' ratios. "Wait": the most people without an answer
 * at a time; "unclaimed": tickets of people who had left; "paid in": until the last payment was
 * answered, ten seconds after the last passenger at most.
 */
import { realRush } from "dabbawala/scenarios/irctc";
import type { RealRushResult } from "dabbawala/scenarios/irctc";
import { median, quantile } from "simple-statistics";
import type { BenchmarkRow } from "../benchmark";

const seconds = 4;
/** A queue that is gone before patience is; as many under way as fill the batches of a shard. */
const gate = { window: 512, maxQueue: 500, queueMs: 300 };
/** Whatever is served, to begin with. */
const firstRate = 6_000;
const leastRate = 200;

interface Round {
  readonly rate: number;
  readonly gated: RealRushResult;
  readonly open: RealRushResult;
}

export async function rushRows(): Promise<BenchmarkRow[]> {
  const past: Round[] = [];
  for (let i = 0, rate = firstRate; i < 6; i++) {
    const round = await roundOf(rate, i);
    past.push(round);
    rate = Math.max(leastRate, Math.round(2 * round.gated.goodput));
  }
  past.shift();
  const served = median(past.map(({ gated }) => gated.goodput));
  const below: Round[] = [];
  for (let i = 0; i < 3; i++) below.push(await roundOf(Math.max(leastRate, served / 2), i));
  return [rowOf("half of what is served", below), rowOf("twice what is served", past)];
}

async function roundOf(rate: number, number: number): Promise<Round> {
  const isFirst = number % 2 === 0;
  const before = isFirst ? undefined : await oneRush(rate, false);
  const gated = await oneRush(rate, true);
  return { rate, gated, open: before ?? (await oneRush(rate, false)) };
}

function rowOf(load: string, rounds: readonly Round[]): BenchmarkRow {
  const rates = rounds.map(({ rate }) => rate);
  const [least, most] = [Math.min(...rates), Math.max(...rates)].map(whole);
  const ratios = rounds.map(({ gated, open }) => gated.goodput / open.goodput);
  const all = ratios.sort((left, right) => left - right).map((each) => each.toFixed(2));
  return {
    work: `rush of ${load}, 3 shards of 3 servers, paid`,
    ours: `${least} to ${most} come a second; gates: ${textOf(rounds.map(({ gated }) => gated))}`,
    peer: `no gates: ${textOf(rounds.map(({ open }) => open))}; ratios ${all.join(", ")}`,
    ratio: median(ratios),
    bar: null,
  };
}

async function oneRush(rate: number, isGated: boolean): Promise<RealRushResult> {
  const crowd = { perSecond: new Array<number>(seconds).fill(rate) };
  const result = await realRush({ ...crowd, gate: isGated ? gate : null, settleMs: 10_000 });
  checkMoney(result);
  return result;
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

function textOf(results: readonly RealRushResult[]): string {
  const times = results.flatMap(({ times: own }) => own);
  const [p50, p95, p99] = quantile([...times], [0.5, 0.95, 0.99]).map(Math.round);
  const longest = results.map(({ looks }) => Math.max(...looks.map(({ waiting }) => waiting)));
  const goodput = results.map((result) => result.goodput);
  const [least, most] = [Math.min(...goodput), Math.max(...goodput)].map(whole);
  const served = `${whole(median(goodput))}/s (${least} to ${most})`;
  const unclaimed = median(results.map((result) => result.unclaimed));
  const lines = `${whole(median(longest))} wait, ${whole(unclaimed)} unclaimed`;
  const settled = median(results.map(({ settledMs }) => settledMs)) / 1_000;
  const paid = `${results.every(isSettled) ? "paid in" : "not all paid in"} ${whole(settled)} s`;
  return `${served}, p50 ${p50}, p95 ${p95}, p99 ${p99} ms, ${lines}, ${paid}`;
}

function whole(count: number): string {
  return Math.round(count).toLocaleString("en-GB");
}
