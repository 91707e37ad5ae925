/**
 * Real servers behind the real proxy, on this machine: processes that hash, a policy, a crowd of
 * connections, and on request one server that is killed or drained under load. Real time: no two
 * runs are alike, and everything shares the machine's cores.
 */
import { quantile } from "simple-statistics";
import { inRange, wholeInRange } from "../../../basics";
import { startProxy } from "../../../balancing";
import type { PolicyName } from "../../../balancing";
import { startBackEnd } from "./back-end";
import type { BackEndProcess } from "./back-end";
import { runClient } from "./client";
import type { ClientReport } from "./client";

export interface ProxyLoad {
  /** Default "peak-ewma"; "none": the client asks the first back end itself. */
  readonly policy: PolicyName | "none";
  /** Processes, "b1" and so on; 1 to 16, default 4. */
  readonly backEnds: number;
  /** Rounds of SHA-256 that a request takes; default 100, some 0.2 ms. */
  readonly rounds: number;
  /** The last back end does so many times as much; default 1. */
  readonly slowFactor: number;
  /** Connections of the client; 1 to 1,000, default 16. */
  readonly connections: number;
  /** Default 2. */
  readonly seconds: number;
  /** What happens to "b1" in the middle; default "nothing". */
  readonly event: "nothing" | "kill" | "drain";
}

export interface ProxyRun {
  readonly requests: number;
  /** Without an answer, or not with 200. */
  readonly failed: number;
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
  /** Answers by back end. */
  readonly answered: Readonly<Record<string, number>>;
  /** Tenths of a second: answers of each back end. */
  readonly steps: readonly { atSeconds: number; backEnd: string; perSecond: number }[];
  /** When the event was over: a kill at once, a drain when its last request was answered. */
  readonly eventSeconds: number | undefined;
}

const defaults: ProxyLoad = {
  policy: "peak-ewma",
  backEnds: 4,
  rounds: 100,
  slowFactor: 1,
  connections: 16,
  seconds: 2,
  event: "nothing",
};

/** Throws a RangeError for options that are wrong. */
export async function measureProxy(options: Partial<ProxyLoad> = {}): Promise<ProxyRun> {
  const load = check({ ...defaults, ...options });
  const { backEnds, rounds, slowFactor, policy, connections, seconds, event } = load;
  const names = Array.from({ length: backEnds }, (_, at) => `b${at + 1}`);
  const started = await Promise.all(
    names.map((id, at) => startBackEnd(id, at === backEnds - 1 ? rounds * slowFactor : rounds)),
  );
  try {
    const [first] = started as [BackEndProcess];
    if (policy === "none") {
      const report = await runClient({ port: first.port, connections, seconds });
      return summed(report, { names, seconds, eventSeconds: undefined });
    }
    const proxy = await startProxy({ backEnds: started, policy });
    let over: Promise<number | undefined> = Promise.resolve(undefined);
    const report = await runClient({ port: proxy.port, connections, seconds }, () => {
      over = disturb(event, { seconds: seconds / 2, first, drain: (id) => proxy.drain(id) });
    });
    const eventSeconds = await over;
    await proxy.close(500);
    return summed(report, { names, seconds, eventSeconds });
  } finally {
    for (const backEnd of started) backEnd.kill();
  }
}

function check(load: ProxyLoad): ProxyLoad {
  wholeInRange("backEnds", load.backEnds, { min: 1, max: 16 });
  wholeInRange("rounds", load.rounds, { min: 1, max: 1e6 });
  wholeInRange("slowFactor", load.slowFactor, { min: 1, max: 1_000 });
  wholeInRange("connections", load.connections, { min: 1, max: 1_000 });
  inRange("seconds", load.seconds, { min: 0.1, max: 600 });
  return load;
}

/** Resolves with when it was over, in seconds from the start. */
async function disturb(
  event: ProxyLoad["event"],
  { seconds, first, drain }: Disturbance,
): Promise<number | undefined> {
  if (event === "nothing") return undefined;
  const startMs = performance.now();
  await new Promise((over) => setTimeout(over, seconds * 1_000));
  if (event === "drain") await drain(first.id);
  first.kill();
  return (performance.now() - startMs) / 1_000;
}

interface Disturbance {
  readonly seconds: number;
  readonly first: BackEndProcess;
  readonly drain: (id: string) => Promise<void>;
}

/** Steps of the series in a second. */
const perSecond = 10;

function summed(
  { endsMs, latenciesMs, backEnds, failedMs }: ClientReport,
  run: { names: readonly string[]; seconds: number; eventSeconds: number | undefined },
): ProxyRun {
  const counts = new Map<string, number>();
  endsMs.forEach((ms, at) => {
    const key = `${Math.floor((ms * perSecond) / 1_000)}/${backEnds[at]}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  });
  const steps = Array.from({ length: Math.floor(run.seconds * perSecond) }, (_, step) =>
    run.names.map((backEnd) => {
      const count = counts.get(`${step}/${backEnd}`) ?? 0;
      return { atSeconds: step / perSecond, backEnd, perSecond: count * perSecond };
    }),
  ).flat();
  const answeredBy = (name: string): number => backEnds.filter((one) => one === name).length;
  const share = (part: number): number =>
    latenciesMs.length > 0 ? quantile(latenciesMs, part) : NaN;
  return {
    requests: endsMs.length + failedMs.length,
    failed: failedMs.length,
    requestsPerSecond: endsMs.length / run.seconds,
    ...{ p50Ms: share(0.5), p99Ms: share(0.99), p999Ms: share(0.999) },
    answered: Object.fromEntries(run.names.map((name) => [name, answeredBy(name)])),
    steps,
    eventSeconds: run.eventSeconds,
  };
}
