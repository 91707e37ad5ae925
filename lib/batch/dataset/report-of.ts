/** What a job did, from the notes of its coordinator. */
import type { ControlNote } from "../local-cluster";
import type { Lineage } from "./lineage";
import type { JobReport, JobSpan } from "./job-report";
import { stagesOf } from "./plan/stages";

interface Told {
  readonly attemptId: number;
  readonly kind: "shuffle" | "result";
  readonly of: number;
  readonly partition: number;
  readonly worker: string;
  readonly bytes: number;
  readonly isAgain: boolean;
}

const ends: Readonly<Record<string, JobSpan["kind"]>> = {
  taskDone: "done",
  attemptFailed: "failed",
};

export function reportOf(
  target: Lineage,
  notes: readonly ControlNote[],
  measured: Pick<JobReport, "elapsedMs" | "broadcastsSent" | "outputsKept">,
): JobReport {
  const stages = stagesOf(target);
  const named = new Map(stages.map(({ shuffle, name }) => [shuffle, name]));
  const stageOf = ({ kind, of }: Told): string =>
    named.get(kind === "shuffle" ? of : undefined) ?? "";
  const done = notes
    .filter(({ label }) => label === "taskDone")
    .map(({ detail }) => detail as Told);
  const count = (label: string): number => notes.filter((note) => note.label === label).length;
  const cachedAgain = notes.filter(
    ({ label, detail }) => label === "partitionCached" && (detail as Told).isAgain,
  ).length;
  const again = done.filter(({ isAgain }) => isAgain);
  return {
    ...measured,
    stages: stages.map(({ name, steps, partitions }) => {
      const own = done.filter((task) => stageOf(task) === name);
      const againHere = own.filter(({ isAgain }) => isAgain).length;
      const names = steps.map((step) => step.name);
      return { name, steps: names, partitions, tasks: own.length, again: againHere };
    }),
    recomputedPartitions: again.length + cachedAgain,
    workersLost: count("workerLost"),
    shuffledBytes: done.reduce((sum, { kind, bytes }) => sum + (kind === "shuffle" ? bytes : 0), 0),
    spans: spansOf(notes, stageOf),
  };
}

function spansOf(notes: readonly ControlNote[], stageOf: (told: Told) => string): JobSpan[] {
  const open = new Map<number, { told: Told; startMs: number }>();
  const spans: JobSpan[] = [];
  const close = (id: number, endMs: number, kind: JobSpan["kind"]): void => {
    const started = open.get(id);
    if (started === undefined || !open.delete(id)) return;
    const { worker, partition } = started.told;
    const stage = stageOf(started.told);
    spans.push({ worker, stage, partition, startMs: started.startMs, endMs, kind });
  };
  let lastMs = 0;
  for (const { label, detail, atMs } of notes) {
    lastMs = atMs;
    const told = detail as Told;
    if (label === "attemptStarted" || label === "backupStarted") {
      open.set(told.attemptId, { told, startMs: atMs });
    } else if (ends[label] !== undefined) close(told.attemptId, atMs, ends[label]);
    else if (label === "lateAnswerIgnored") close(Number(detail), atMs, "beaten");
    else if (label === "workerLost") {
      for (const [id, started] of open) {
        if (started.told.worker === told.worker) close(id, atMs, "lost");
      }
    }
  }
  for (const id of [...open.keys()]) close(id, lastMs, "beaten");
  return spans;
}
