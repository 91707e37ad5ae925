/** What became of the jobs of the day: hears the notes of a run, and sums them up. */
import type { SimulatedNote } from "../../hosts";
import { jainIndex, quantileOf } from "../../basics";
import type { SchedulerServer } from "../../scheduling";
import type { Arrival } from "./arrivals";
import { openingHour } from "./arrivals";
import type { BigBillionDay, DaySlice, Job, JobSummary } from "./day";
import { bigBillionKinds, bigBillionTenants } from "./jobs";

/** In hours after the opening: two of the sale's curve, and one for what is left over. */
const rushHours = 3;

interface End {
  readonly outcome: Job["outcome"];
  readonly atMs: number;
}

export class DayTally {
  private readonly ends = new Map<string, End>();
  private readonly effects = new Map<string, number>();
  /** At the end of each slice. */
  private readonly waiting: number[] = [];
  private attempts = 0;
  private repeated = 0;

  /** `arrivals` in their order; a slice of the day lasts `sliceMs`, a tenth of an hour. */
  constructor(
    private readonly arrivals: readonly Arrival[],
    private readonly sliceMs: number,
  ) {}

  hear({ atMs, label, detail }: SimulatedNote): void {
    if (label === "begin") {
      this.attempts++;
      if ((detail as { attempt: number }).attempt > 1) this.repeated++;
    } else if (label === "effect") {
      const { id } = detail as { id: string };
      this.effects.set(id, (this.effects.get(id) ?? 0) + 1);
    } else if (label === "ended") {
      const { id, kind } = detail as { id: string; kind: "done" | "dead" | "cancelled" };
      const outcome = kind === "cancelled" ? "shed" : kind;
      if (!this.ends.has(id)) this.ends.set(id, { outcome, atMs });
    }
  }

  get isOver(): boolean {
    return this.ends.size === this.arrivals.length;
  }

  /** At the end of each slice; `server` is undefined while it is down. */
  look(server: SchedulerServer | undefined): void {
    const last = this.waiting[this.waiting.length - 1] ?? 0;
    this.waiting.push(server === undefined ? last : server.state.waiting);
  }

  result(server: SchedulerServer | undefined): BigBillionDay {
    const jobs = this.arrivals.map((arrival) => this.jobOf(arrival));
    const slices = this.slices(jobs);
    const hourMs = 10 * this.sliceMs;
    const openMs = openingHour * hourMs;
    const rush = jobs.filter(({ atMs }) => atMs >= openMs && atMs < openMs + rushHours * hourMs);
    const byTenant = summaries(
      bigBillionTenants.map(({ tenant }) => tenant),
      rush,
      "tenant",
    );
    const most = Math.max(0, ...slices.map(({ done }) => done));
    return {
      ...{ jobs, slices, rush, byTenant },
      byKind: summaries(
        bigBillionKinds.map(({ kind }) => kind),
        rush,
        "kind",
      ),
      deadLetters: deadLettersOf(server),
      ...{ attempts: this.attempts, repeated: this.repeated, effects: this.effects.size },
      effectsTwice: [...this.effects.values()].filter((count) => count > 1).length,
      peakPerSecond: (1_000 * most) / this.sliceMs,
      jainOfWaits: jainIndex(Object.values(byTenant).map(({ p50Ms }) => p50Ms)),
    };
  }

  private jobOf(arrival: Arrival): Job {
    const end = this.ends.get(arrival.id);
    if (end === undefined) return { ...arrival, outcome: "open", tookMs: null, isLate: true };
    const tookMs = end.atMs - arrival.atMs;
    const deadlineMs = bigBillionKinds.find(({ kind }) => kind === arrival.kind)?.deadlineMs ?? 0;
    const isLate = end.outcome !== "done" || tookMs > deadlineMs;
    return { ...arrival, outcome: end.outcome, tookMs, isLate };
  }

  private slices(jobs: readonly Job[]): DaySlice[] {
    const { sliceMs, waiting } = this;
    const counts = waiting.map(() => ({ arrived: 0, ended: 0, done: 0 }));
    const sliceAt = (ms: number) => counts[Math.min(counts.length - 1, Math.floor(ms / sliceMs))];
    for (const { atMs, tookMs, outcome } of jobs) {
      sliceAt(atMs).arrived++;
      if (tookMs === null) continue;
      sliceAt(atMs + tookMs).ended++;
      if (outcome === "done") sliceAt(atMs + tookMs).done++;
    }
    let underWay = 0;
    return counts.map(({ arrived, ended, done }, at) => {
      underWay += arrived - ended;
      return { hour: (at + 1) / 10, arrived, done, waiting: waiting[at], underWay };
    });
  }
}

function summaries(
  names: readonly string[],
  jobs: readonly Job[],
  field: "kind" | "tenant",
): Record<string, JobSummary> {
  const ofName = (name: string): Job[] => jobs.filter((job) => job[field] === name);
  return Object.fromEntries(names.map((name) => [name, summaryOf(ofName(name))]));
}

function summaryOf(jobs: readonly Job[]): JobSummary {
  const count = (outcome: Job["outcome"]): number =>
    jobs.filter((job) => job.outcome === outcome).length;
  const times = jobs.flatMap(({ outcome, tookMs }) =>
    outcome === "done" && tookMs !== null ? [tookMs] : [],
  );
  const late = jobs.filter(({ isLate }) => isLate).length;
  return {
    jobs: jobs.length,
    ...{ done: count("done"), dead: count("dead"), shed: count("shed"), open: count("open") },
    ...{ p50Ms: quantileOf(times, 0.5), p99Ms: quantileOf(times, 0.99) },
    maxMs: quantileOf(times, 1),
    lateShare: jobs.length === 0 ? 0 : late / jobs.length,
  };
}

function deadLettersOf(server: SchedulerServer | undefined): Record<string, string> {
  const letters: Record<string, string> = {};
  for (const { spec, ending } of server?.state.tasks.values() ?? []) {
    if (ending?.kind === "dead") letters[spec.id] = `${ending.why}: ${ending.detail}`;
  }
  return letters;
}
