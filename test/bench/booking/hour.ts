/**
 * The notes' hour whole: 720,000 requests from 10:00 on, by the generator's curve, at three shards
 * of three servers with a door each, and a gateway that charges every ticket. The doors let 300
 * through a second; the first minute brings 867 a second, the hour 200 on average. People ask again
 * after 3 s without an answer, three times at most, and go.
 *
 * "Simulated": gates that refuse against queues without end, in virtual time, and what the first
 * of these costs. "At real processes": the same with gates, `--speed` times as fast (it divides
 * 60; 1 is the hour itself): as many requests in a fraction of the time, through doors that are as
 * much faster, as far as the machine can take it. Served: who had an answer before they had gone;
 * percentiles by when they came: in the first minute of the hour, or later.
 */
import { realRush, rushBySecond, rushPhase, simulateRush } from "dabbawala/scenarios/irctc";
import type { CrowdRecord, RealRushResult, RushResult } from "dabbawala/scenarios/irctc";
import type { BenchmarkOptions, BenchmarkRow } from "../benchmark";
import { checkMoney, whole } from "./rush";

const requests = 720_000;
const hour = { shards: 3, trains: 1_000 };
const patience = { patienceMs: 3_000, tries: 3 };
/** Of one of the three doors. */
const serviceMs = 10;
const gate = { serviceMs, window: 256, maxQueue: 100, queueMs: 1_000 };
const line = { serviceMs, window: 256, maxQueue: null, queueMs: null, isFair: false };
const work = `the hour of ${whole(requests)} requests`;

export async function hourRows(options: BenchmarkOptions): Promise<BenchmarkRow[]> {
  return [...(await simulatedHourRows()), ...(await realHourRows(options))];
}

export async function realHourRows({ speed }: BenchmarkOptions): Promise<BenchmarkRow[]> {
  return [await realRow(speed)];
}

export function simulatedHourRows(): Promise<BenchmarkRow[]> {
  const beganMs = performance.now();
  const gates = simulated(gate);
  const seconds = (performance.now() - beganMs) / 1_000;
  const megabytes = process.resourceUsage().maxRSS / 1_000;
  checkMoney(gates);
  const queues = simulated(line);
  return Promise.resolve([
    {
      work: `${work}, simulated, 3 shards of 3 servers, doors of 300/s: served in time`,
      ours: `gates: ${textOf(gates)}, ${whole(longestOf(gates))} in line`,
      peer: `queues: ${textOf(queues)}, ${whole(longestOf(queues))} in line`,
      ratio: gates.served / queues.served,
      bar: null,
    },
    {
      work: `${work}, simulated with gates, on one core`,
      ours: `${whole(seconds)} s, ${whole(megabytes)} MB`,
      peer: "the hour itself 3,600 s",
      ratio: 3_600 / seconds,
      bar: null,
    },
  ]);
}

function simulated(door: object): RushResult {
  const perSecond = rushBySecond(requests, { seconds: 3_600 });
  // All tickets are kept, so that a snapshot is longer than the log since the one before.
  const raft = { snapshotLengthPerEntry: 200 };
  return simulateRush({ seed: 1, ...hour, raft, gate: door, crowd: { perSecond, ...patience } });
}

function longestOf({ bySecond }: RushResult): number {
  return bySecond.reduce((longest, { queue }) => Math.max(longest, queue), 0);
}

async function realRow(speed: number): Promise<BenchmarkRow> {
  const perSecond = rushBySecond(requests, { seconds: 3_600 / speed, speed });
  const door = { ...gate, serviceMs: serviceMs / speed };
  const rush = { ...hour, ...patience, perSecond, gate: door, settleMs: 120_000 };
  const result = await realRush(rush);
  checkMoney(result);
  const { came, times, refused, unclaimed, settledMs } = result;
  const longest = result.looks.reduce((most, { waiting }) => Math.max(most, waiting), 0);
  const rest = `${whole(refused)} refusals, ${whole(longest)} wait, ${whole(unclaimed)} unclaimed`;
  return {
    work: `${work}, real processes, ${speed} x as fast, 3 shards of 3 servers: served in time`,
    ours: `gates: ${textOf(result, speed)}, ${rest}, paid after ${whole(settledMs / 1_000)} s`,
    peer: `came ${whole(came)}`,
    ratio: times.length / came,
    bar: null,
  };
}

type Told = CrowdRecord & Pick<RealRushResult, "came" | "gaveUp" | "goodput" | "books">;

/** "575,123 (160/s), 144,877 gave up, 575,000 tickets, first minute p50 ..., then p50 ..." */
function textOf(result: Told, speed = 1): string {
  const { times, gaveUp, goodput, books, cameBySecond } = result;
  const tickets = books.reduce((sum, { tickets: own }) => sum + own, 0);
  const served = `${whole(times.length)} (${whole(goodput)}/s), ${whole(gaveUp)} gave up`;
  const minute = 60 / speed;
  const [first, then] = [
    phaseText(result, 0, minute),
    phaseText(result, minute, cameBySecond.length),
  ];
  return `${served}, ${whole(tickets)} tickets, first minute ${first}, then ${then}`;
}

function phaseText(crowd: CrowdRecord, from: number, to: number): string {
  const { served, p50Ms, p95Ms, p99Ms } = rushPhase(crowd, from, to);
  if (served === 0) return "nobody";
  return `p50 ${whole(p50Ms)}, p95 ${whole(p95Ms)}, p99 ${whole(p99Ms)} ms`;
}
