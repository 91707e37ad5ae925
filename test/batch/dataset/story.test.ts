import { expect, it } from "vitest";
import { simulateDataset } from "dabbawala/batch";
import type { JobPlan, PlanStep } from "dabbawala/batch";
import { at, crash } from "dabbawala/hosts";

const steps: PlanStep[] = [
  { id: 1, name: "csv", partitions: 6, parents: [], isCached: false },
  {
    ...{ id: 2, name: "reduceByKey", partitions: 4, isCached: true },
    parents: [{ kind: "wide", step: 1, shuffle: 1 }],
  },
];
const all = [0, 1, 2, 3];
const plans: JobPlan[] = [1, 2].map((job) => ({ job, target: 2, partitions: all, steps }));

interface Told {
  readonly key?: string;
  readonly worker?: string;
  readonly step?: number;
  readonly partition?: number;
  readonly isAgain?: boolean;
}

it("story: a worker dies between two jobs, and what it had is computed again, nothing else", async () => {
  const run = simulateDataset({
    plans,
    workers: 3,
    executor: { msPerRow: 100 },
    coordinator: { leaseMs: 2_000 },
    faults: [at(2_300, crash(["m2"], "lost"))],
  });
  expect(run.kind).toBe("done");
  expect(run.results).toEqual(run.expected);
  const text = run.notes.map(({ atMs, label, detail }) => {
    const { key, worker, step, partition, isAgain } = Object(detail) as Told;
    const what = key ?? (step === undefined ? "" : `step ${step}, partition ${partition}`);
    const again = isAgain === true ? ", again" : "";
    const where = worker === undefined ? String(Object(detail).job ?? detail) : worker;
    const words = [label, what, where].filter(Boolean).join(" ");
    return `${String(Math.round(atMs)).padStart(6)} ms  ${words}${again}`;
  });
  await expect(text.join("\n") + "\n").toMatchFileSnapshot("dataset.story.txt");
});
