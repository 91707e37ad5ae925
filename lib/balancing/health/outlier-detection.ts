/**
 * Passive health checks: servers whose answers are far worse than the others' are ejected, each
 * time for longer, and never so many that the rest cannot carry the load.
 *
 * Source: Envoy, "Outlier detection" (source/common/upstream/outlier_detection_impl.cc), with its
 * defaults: failures in a row; success rate under mean - factor x standard deviation of those with
 * enough requests; failure percentage. As there, the time is base x how often it was ejected, which
 * an interval without ejection takes one from. Ours ejects one server even of a small pool
 * (`isOneAllowed`, in Envoy always_eject_one_host), and knows two kinds of failure, no codes.
 * Assumes: `interval` is called every `intervalMs`; it also says who comes back.
 * Guarantees: at most floor(maxEjectedShare x servers) are ejected, or one.
 * Cost: O(1) an answer, O(servers) an interval.
 */
import { outlierOptions } from "./outlier-options";
import type { OutlierOptions } from "./outlier-options";
import { failureShareOutliers, successRateOutliers } from "./outlier-rates";
import type { AnswerCounts } from "./outlier-rates";

/** "gateway": the server was not reached, or not in time. */
export type AnswerKind = "ok" | "error" | "gateway";

export interface Ejection {
  readonly server: number;
  readonly why: "errors" | "gateway errors" | "success rate" | "failure share";
  readonly untilMs: number;
}

interface Record {
  errorsInRow: number;
  gatewaysInRow: number;
  counts: AnswerCounts;
  /** How long the next ejection is, in times of the base; grows with each. */
  times: number;
  untilMs: number | undefined;
}

export class OutlierDetection {
  readonly options: OutlierOptions;
  private readonly records: Record[] = [];

  /** `servers`: how many there are now. Throws a RangeError for options that are wrong. */
  constructor(servers: number, options: Partial<OutlierOptions> = {}) {
    this.options = outlierOptions(options);
    for (let i = 0; i < servers; i++) this.add();
  }

  /** One server more; its index is the next one. */
  add(): void {
    const counts = { good: 0, all: 0 };
    const record = { errorsInRow: 0, gatewaysInRow: 0, counts, times: 0, untilMs: undefined };
    this.records.push(record);
  }

  isEjected(server: number): boolean {
    return this.records[server].untilMs !== undefined;
  }

  get ejectedCount(): number {
    return this.records.filter(({ untilMs }) => untilMs !== undefined).length;
  }

  /** So many may be ejected at a time. */
  get most(): number {
    const { maxEjectedShare, isOneAllowed } = this.options;
    const whole = Math.floor(maxEjectedShare * this.records.length + 1e-9);
    return Math.max(isOneAllowed ? 1 : 0, whole);
  }

  /** How a server has answered, and whether that was one failure in a row too many. */
  answered(server: number, kind: AnswerKind, nowMs: number): Ejection | undefined {
    const record = this.records[server];
    record.counts.all++;
    if (kind === "ok") record.counts.good++;
    record.errorsInRow = kind === "ok" ? 0 : record.errorsInRow + 1;
    record.gatewaysInRow = kind === "gateway" ? record.gatewaysInRow + 1 : 0;
    const { consecutiveErrors, consecutiveGateways } = this.options;
    if (consecutiveGateways > 0 && record.gatewaysInRow >= consecutiveGateways) {
      record.gatewaysInRow = 0;
      return this.eject(server, "gateway errors", nowMs);
    }
    if (consecutiveErrors === 0 || record.errorsInRow < consecutiveErrors) return undefined;
    record.errorsInRow = 0;
    return this.eject(server, "errors", nowMs);
  }

  /** To be called every `intervalMs`: first those whose time is over return, then rates count. */
  interval(nowMs: number): { readonly ejected: Ejection[]; readonly returned: number[] } {
    const returned = this.returning(nowMs);
    for (const record of this.records) {
      if (record.untilMs === undefined) record.times = Math.max(0, record.times - 1);
    }
    for (const server of returned) {
      // What was still in flight when it was ejected says nothing of it now.
      Object.assign(this.records[server], { untilMs: undefined, errorsInRow: 0, gatewaysInRow: 0 });
    }
    const counts = this.records.map((record) => record.counts);
    const slow = successRateOutliers(counts, this.options);
    const failing = failureShareOutliers(counts, this.options);
    for (const record of this.records) record.counts = { good: 0, all: 0 };
    const ejected = [
      ...slow.map((server) => this.eject(server, "success rate", nowMs)),
      ...failing.map((server) => this.eject(server, "failure share", nowMs)),
    ].filter((ejection): ejection is Ejection => ejection !== undefined);
    return { ejected, returned };
  }

  private returning(nowMs: number): number[] {
    return [...this.records.keys()].filter((server) => {
      const { untilMs } = this.records[server];
      return untilMs !== undefined && untilMs <= nowMs;
    });
  }

  /** Undefined when it is ejected already, and when no more may be. */
  private eject(server: number, why: Ejection["why"], nowMs: number): Ejection | undefined {
    const record = this.records[server];
    if (record.untilMs !== undefined || this.ejectedCount >= this.most) return undefined;
    const { baseEjectionMs, maxEjectionMs } = this.options;
    const longest = Math.max(maxEjectionMs, baseEjectionMs);
    const most = Math.ceil(longest / baseEjectionMs);
    record.times = Math.min(record.times + 1, most);
    record.untilMs = nowMs + Math.min(longest, baseEjectionMs * record.times);
    return { server, why, untilMs: record.untilMs };
  }
}
