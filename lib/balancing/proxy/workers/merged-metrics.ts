import { LatencyHistogram } from "../../../basics";
import type { BackEndMetrics, ProxyMetrics } from "../tally";

/** Those of several processes as one: counts add up; a back end is open if it is in any of them. */
export function mergedMetrics(all: readonly ProxyMetrics[]): ProxyMetrics {
  const backEnds: Record<string, BackEndMetrics> = {};
  for (const metrics of all) {
    for (const [id, backEnd] of Object.entries(metrics.backEnds)) {
      backEnds[id] = id in backEnds ? mergedBackEnd(backEnds[id], backEnd) : backEnd;
    }
  }
  const sum = (of: (metrics: ProxyMetrics) => number): number =>
    all.reduce((total, metrics) => total + of(metrics), 0);
  return {
    processIds: all.flatMap(({ processIds }) => processIds),
    clients: sum(({ clients }) => clients),
    requests: sum(({ requests }) => requests),
    retries: sum(({ retries }) => retries),
    ownAnswers: all.map(({ ownAnswers }) => ownAnswers).reduce(added, {}),
    backEnds,
  };
}

function mergedBackEnd(left: BackEndMetrics, right: BackEndMetrics): BackEndMetrics {
  const both = new LatencyHistogram();
  for (const { histogram } of [left, right]) both.add(histogram);
  return {
    state: left.state === "open" ? left.state : right.state,
    closedBy: [...new Set([...left.closedBy, ...right.closedBy])],
    weight: left.weight,
    inFlight: left.inFlight + right.inFlight,
    connections: added(left.connections, right.connections),
    requests: left.requests + right.requests,
    answers: added(left.answers, right.answers),
    failures: added(left.failures, right.failures),
    latency: both.summary(),
    histogram: both.toJSON(),
  };
}

/** Name by name. */
function added<T extends Readonly<Record<string, number>>>(left: T, right: T): T {
  const sums: Record<string, number> = { ...left };
  for (const [name, count] of Object.entries(right)) sums[name] = (sums[name] ?? 0) + count;
  return sums as T;
}
