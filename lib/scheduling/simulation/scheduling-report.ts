/** What became of the tasks of a simulated crowd, by class and by tenant. */
import { quantileOf } from "../../basics";
import type { BoardCounts } from "../board/commands";

export interface TaskRecord {
  readonly of: string;
  readonly tenant: string;
  readonly submittedMs: number;
  readonly deadlineMs: number | null;
  /** Of the first attempt; null: none began. */
  startedMs: number | null;
  endedMs: number | null;
  /** `shed`: it was refused, and not tried again. */
  outcome: "open" | "shed" | "done" | "dead" | "cancelled";
  /** In all its attempts. */
  servedMs: number;
}

export interface ClassReport {
  readonly name: string;
  readonly submitted: number;
  readonly done: number;
  readonly shed: number;
  readonly dead: number;
  /** From submission to the end, of those that were done; ms. 0: none was. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** From submission to the first attempt; ms. */
  readonly waitP50Ms: number;
  readonly waitP99Ms: number;
  readonly waitMaxMs: number;
  /** Of those done that had a deadline, how many were late; 0 to 1. */
  readonly lateShare: number;
}

export interface SchedulingReport {
  readonly classes: readonly ClassReport[];
  /** How much of the workers' time each tenant had until the last task came; they sum to 1. */
  readonly shares: Readonly<Record<string, number>>;
  /** How busy the workers were until the last task ended, 0 to 1. */
  readonly utilization: number;
  /** When the last task had ended. */
  readonly endMs: number;
  readonly counts: BoardCounts;
}

export function reportOf(
  records: readonly TaskRecord[],
  run: {
    readonly classes: readonly { readonly name: string }[];
    readonly durationMs: number;
    readonly workers: number;
    readonly counts: BoardCounts;
    readonly busyMs: number;
    readonly endMs: number;
  },
): SchedulingReport {
  const { classes, workers, counts, busyMs, endMs, durationMs } = run;
  const of = (name: string) => records.filter((record) => record.of === name);
  return {
    classes: classes.map(({ name }) => classOf(name, of(name))),
    shares: sharesOf(records.filter(({ startedMs }) => (startedMs ?? Infinity) <= durationMs)),
    utilization: endMs === 0 ? 0 : busyMs / (workers * endMs),
    endMs,
    counts,
  };
}

function classOf(name: string, records: readonly TaskRecord[]): ClassReport {
  const done = records.filter(({ outcome }) => outcome === "done");
  const latencies = done.map(({ submittedMs, endedMs }) => (endedMs ?? 0) - submittedMs);
  const waits = records.flatMap(({ submittedMs, startedMs }) =>
    startedMs === null ? [] : [startedMs - submittedMs],
  );
  const due = done.filter(({ deadlineMs }) => deadlineMs !== null);
  const late = due.filter(({ submittedMs, endedMs, deadlineMs }) => {
    return (endedMs ?? 0) - submittedMs > (deadlineMs ?? 0);
  });
  return {
    ...{ name, submitted: records.length, done: done.length },
    shed: records.filter(({ outcome }) => outcome === "shed").length,
    dead: records.filter(({ outcome }) => outcome === "dead").length,
    ...{ p50Ms: quantileOf(latencies, 0.5), p99Ms: quantileOf(latencies, 0.99) },
    ...{ maxMs: quantileOf(latencies, 1), waitMaxMs: quantileOf(waits, 1) },
    ...{ waitP50Ms: quantileOf(waits, 0.5), waitP99Ms: quantileOf(waits, 0.99) },
    lateShare: due.length === 0 ? 0 : late.length / due.length,
  };
}

function sharesOf(records: readonly TaskRecord[]): Readonly<Record<string, number>> {
  const served = new Map<string, number>();
  for (const { tenant, servedMs } of records) {
    served.set(tenant, (served.get(tenant) ?? 0) + servedMs);
  }
  const total = [...served.values()].reduce((sum, each) => sum + each, 0);
  return Object.fromEntries([...served].map(([tenant, ms]) => [tenant, ms / total]));
}
