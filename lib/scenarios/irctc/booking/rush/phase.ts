/** A part of a rush by those who came in it: how many were served, and how long that took. */
import { inRange, quantileOf } from "../../../../basics";

/** What a crowd tells of itself; all times from its first passenger on. */
export interface CrowdRecord {
  /** Passengers who came in each second. */
  readonly cameBySecond: readonly number[];
  /** Of those who were served: when they came, and how long it took, in ms. */
  readonly cameAtMs: readonly number[];
  readonly times: readonly number[];
}

export interface RushPhase {
  readonly came: number;
  readonly served: number;
  /** Of those served; 0 where nobody was. */
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
}

/** Who came from second `from` to before second `to`. Throws a RangeError for no such seconds. */
export function rushPhase(crowd: CrowdRecord, from: number, to: number): RushPhase {
  inRange("the seconds of a phase", to - from, { min: 1, max: Number.MAX_SAFE_INTEGER });
  const { cameBySecond, cameAtMs, times } = crowd;
  const came = cameBySecond.slice(from, to).reduce((sum, count) => sum + count, 0);
  const isIn = (ms: number): boolean => ms >= 1_000 * from && ms < 1_000 * to;
  const own = times.filter((_, i) => isIn(cameAtMs[i] as number));
  const percentiles = {
    p50Ms: quantileOf(own, 0.5),
    p95Ms: quantileOf(own, 0.95),
    p99Ms: quantileOf(own, 0.99),
  };
  return { came, served: own.length, ...percentiles };
}
