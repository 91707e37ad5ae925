/**
 * Load balancing: decisions a second of every policy with 10 and 1,000 servers, and the simulated
 * farm with the 100 servers of one queue. The peers are the rates and the time that were asked.
 */
import {
  BoundedAffinity,
  exponentialWork,
  JoinIdleQueue,
  LeastConnections,
  MaglevAffinity,
  meanTime,
  NearestRegion,
  PeakEwma,
  poisson,
  Pool,
  PowerOfChoices,
  Prequal,
  RandomChoice,
  RoundRobin,
  simulateFarm,
  SmoothWeighted,
} from "dabbawala/balancing";
import type { Policy } from "dabbawala/balancing";
import { timeOf } from "./benchmark";
import type { BenchmarkRow } from "./benchmark";

/** The policies, and those of which 10 M decisions a second are asked. */
const policies: readonly [name: string, make: (pool: Pool) => Policy, isAsked?: boolean][] = [
  ["round robin", (pool) => new RoundRobin(pool)],
  ["smooth weighted", (pool) => new SmoothWeighted(pool), true],
  ["random by weight", (pool) => new RandomChoice(pool)],
  ["least connections", (pool) => new LeastConnections(pool)],
  ["power of two choices", (pool) => new PowerOfChoices(pool), true],
  ["peak EWMA of two", (pool) => new PeakEwma(pool)],
  ["Maglev", (pool) => new MaglevAffinity(pool)],
  ["ring with bounded loads", (pool) => new BoundedAffinity(pool)],
  ["nearest region", (pool) => new NearestRegion(pool)],
  ["join idle queue", (pool) => new JoinIdleQueue(pool)],
  ["Prequal, without its probes", (pool) => new Prequal(pool)],
];
const askedRate = 10e6;
const askedSeconds = 30;
const requests = 10_000_000;

export async function run(): Promise<BenchmarkRow[]> {
  const rows: BenchmarkRow[] = [];
  for (const count of [10, 1_000]) {
    for (const [name, make, isAsked = false] of policies) {
      rows.push(
        await picksRow(`${name}, ${count.toLocaleString("en-GB")} servers`, make, {
          count,
          isAsked,
        }),
      );
    }
  }
  return [...rows, await farmRow()];
}

/** Each decision is sent, and answered when 64 more are in flight. */
async function picksRow(
  work: string,
  make: (pool: Pool) => Policy,
  { count, isAsked }: { count: number; isAsked: boolean },
): Promise<BenchmarkRow> {
  const servers = Array.from({ length: count }, (_, at) => ({
    id: `s${at}`,
    weight: 1 + (at % 5),
  }));
  const pool = new Pool(servers);
  const policy = make(pool);
  const inFlight = new Int32Array(64).fill(-1);
  const requestsOfKeys = Array.from({ length: 256 }, (_, at) => ({ key: `key ${at}`, nowMs: 1 }));
  const decide = (picks: number): void => {
    for (let i = 0; i < picks; i++) {
      const server = policy.pick(requestsOfKeys[i & 255]);
      const ended = inFlight[i & 63];
      inFlight[i & 63] = server;
      pool.send(server);
      if (ended < 0) continue;
      pool.end(ended);
      policy.answered?.(ended, 1, 1);
    }
  };
  decide(100_000);
  const sampleMs = await timeOf(() => decide(100_000));
  const picks = Math.ceil((500 / sampleMs) * 100_000);
  const rate = (picks / (await timeOf(() => decide(picks)))) * 1_000;
  const ours = `${(rate / 1e6).toFixed(1)} M picks/s`;
  return { work, ours, peer: "asked 10 M/s", ratio: rate / askedRate, bar: isAsked ? 1 : null };
}

async function farmRow(): Promise<BenchmarkRow> {
  let meanMs = 0;
  const ms = await timeOf(() => {
    const { times } = simulateFarm({
      servers: [{ id: "one queue", slots: 100 }],
      policy: (pool) => new RoundRobin(pool),
      arrivals: poisson(950),
      work: exponentialWork(100),
      requests,
    });
    meanMs = times.mean;
  });
  const expectedMs = 1_000 * meanTime({ arrivalRate: 950, serviceRate: 10, servers: 100 });
  return {
    work: "10 M simulated requests of an M/M/100 at 95 %, one core",
    ours: `${(ms / 1_000).toFixed(1)} s, mean ${meanMs.toFixed(2)} ms (Erlang ${expectedMs.toFixed(2)})`,
    peer: `asked ${askedSeconds} s`,
    ratio: (askedSeconds * 1_000) / ms,
    bar: 1,
  };
}
