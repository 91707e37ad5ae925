/**
 * The rush on real processes: three shards on three machines, a gate each, and a gateway that
 * charges every ticket; a crowd that does not wait for others comes for four seconds, asks again
 * after one, and leaves after three tries. Goodput is who was answered while still there, a second.
 *
 * Crowd and servers share the cores, and what they can serve changes with whatever else runs, so
 * rates are no constants: each round first measures what is served of more than can be, then sends
 * a part or a multiple of that to both sides in turns. Which side begins changes. A row has medians
 * with the least and the most, percentiles over all rounds, and the median of the rounds' ratios.
 * "Wait": the most people without an answer at a time; "unclaimed": tickets of people who had left;
 * "paid in": until the last payment was answered, ten seconds after the last passenger at most.
 */
import { realRush } from "dabbawala/scenarios/irctc";
import type { RealRushResult } from "dabbawala/scenarios/irctc";
import { median, quantile } from "simple-statistics";
import type { BenchmarkRow } from "../benchmark";

const seconds = 4;
const rounds = 5;
const lookMs = 500;
/** A queue that is gone before patience is; as many under way as fill the batches of a shard. */
const gate = { window: 512, maxQueue: 500, queueMs: 300 };
/** More than any machine of this size serves, and for how long: to see what it does serve. */
const probe = { perSecond: 12_000, seconds: 2 };

/** `load`: requests a second over what was served just before. */
export async function rushRow(load: number): Promise<BenchmarkRow> {
  const [gated, open]: [RealRushResult[], RealRushResult[]] = [[], []];
  const rates: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const rate = Math.max(100, Math.round(load * (await servedPerSecond())));
    rates.push(rate);
    const turns = [gated, open];
    if (round % 2 === 1) turns.reverse();
    for (const turn of turns) turn.push(await oneRush(rate, turn === gated));
  }
  const ratios = gated.map(({ goodput }, round) => goodput / open[round].goodput);
  const [least, most] = [Math.min(...rates), Math.max(...rates)].map(whole);
  const all = ratios.map((each) => each.toFixed(2)).sort();
  return {
    work: `rush of ${load} x what is served: ${least} to ${most} a second, 3 shards of 3, paid`,
    ours: `gates: ${textOf(gated)}`,
    peer: `no gates: ${textOf(open)}; ratios ${all.join(", ")}`,
    ratio: median(ratios),
    bar: null,
  };
}

/** With gates, and people for all that can be served. */
async function servedPerSecond(): Promise<number> {
  const perSecond = new Array<number>(probe.seconds).fill(probe.perSecond);
  const { looks } = await realRush({ perSecond, gate, lookMs, tries: 1, settleMs: 5_000 });
  const busy = looks.filter(({ second }) => second > 0.7 && second <= probe.seconds + 0.1);
  return median(busy.map(({ served }) => (1_000 * served) / lookMs));
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
