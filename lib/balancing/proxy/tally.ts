/** What a proxy has counted: plain objects, which can be added over several processes. */
import { LatencyHistogram } from "../../basics";
import type { HistogramData, LatencySummary } from "../../basics";
import type { ClosedBy } from "../health";

/** How the attempts at one back end ended. */
export interface BackEndMetrics {
  /** "open" takes requests; "closed" does not for now; "draining" takes none any more. */
  readonly state: "open" | "closed" | "draining";
  /** Who has closed it: active checks, ejection, its circuit. */
  readonly closedBy: readonly ClosedBy[];
  readonly weight: number;
  readonly inFlight: number;
  readonly connections: { readonly open: number; readonly free: number; readonly waiting: number };
  readonly requests: number;
  /** Responses by the first digit of their status. */
  readonly answers: Readonly<Record<"2xx" | "3xx" | "4xx" | "5xx", number>>;
  /**
   * Attempts without a whole response: the connection was refused, or lost; what came was
   * malformed; it, or the rest of it, was overdue; the client went, or read no more; too many
   * waited.
   */
  readonly failures: Readonly<Record<Failure, number>>;
  /** To the head of the response. */
  readonly latency: LatencySummary;
  /** The same in buckets, which add up over processes. */
  readonly histogram: HistogramData;
}

export type Failure = "refused" | "lost" | "malformed" | "overdue" | "abandoned" | "crowded";

export interface ProxyMetrics {
  /** The processes that serve. */
  readonly processIds: readonly number[];
  /** Clients that are connected. */
  readonly clients: number;
  /** Requests whose head has come. */
  readonly requests: number;
  readonly retries: number;
  /** Answers of the proxy itself, by status: 400, 408, 413, 431, 502, 503, 504... */
  readonly ownAnswers: Readonly<Record<string, number>>;
  readonly backEnds: Readonly<Record<string, BackEndMetrics>>;
}

type Counted = "requests" | "answers" | "failures" | "latency" | "histogram";

export class Tally {
  requests = 0;
  /** By the first digit of the status. */
  private readonly answers = [0, 0, 0, 0, 0, 0];
  private readonly failures = noFailures();
  private readonly latency = new LatencyHistogram();

  answered(status: number, latencyMs: number): void {
    this.answers[Math.min(5, Math.floor(status / 100))]++;
    this.latency.record(latencyMs);
  }

  failed(failure: Failure): void {
    this.failures[failure]++;
  }

  get metrics(): Pick<BackEndMetrics, Counted> {
    const [, switched, good, moved, theirs, ours] = this.answers;
    const answers = { "2xx": good + switched, "3xx": moved, "4xx": theirs, "5xx": ours };
    const { requests, latency } = this;
    const times = { latency: latency.summary(), histogram: latency.toJSON() };
    return { requests, answers, failures: { ...this.failures }, ...times };
  }
}

function noFailures(): Record<Failure, number> {
  return { refused: 0, lost: 0, malformed: 0, overdue: 0, abandoned: 0, crowded: 0 };
}
