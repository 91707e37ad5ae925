/**
 * Where a job works and what it begins with: a folder of its own that vanishes with it, or one that
 * outlives the process, with a journal, in which an earlier process may have done a part.
 */
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "fs";
import { tmpdir } from "os";
import { join, resolve } from "path";
import { identityOfFiles, identityOfText } from "../job-identity";
import { JobJournal } from "../job-journal";
import type { Saved } from "../coordinator-lives";
import type { ClusterOptions } from "./control/cluster";
import { savedOutputs } from "./control/saved-state";
import type { Plan } from "./control/messages";
import { runName } from "./map-output";
import { answerName } from "./reduce-task";
import type { ShippedJob } from "./ship";
import type { OutputRef } from "./tasks";

export interface JobWork {
  /** Holds one folder a worker. */
  readonly folder: string;
  readonly plan: Plan;
  readonly journal?: JobJournal<Plan>;
  /** What is left of the work of earlier processes. */
  readonly saved?: Saved;
  /** Workers are named from this number on: a folder is used by one life of one worker. */
  readonly firstWorker: number;
}

interface NewJob {
  readonly shipped: ShippedJob;
  readonly inputs: readonly string[];
  /** For a job that begins. */
  readonly plan: Plan;
  readonly options: {
    readonly partitions?: number;
    readonly splitBytes?: number;
    readonly memoryBytes: number;
    readonly out?: string;
  };
}

export function temporaryWork(plan: Plan): JobWork {
  return { folder: mkdtempSync(join(tmpdir(), "dabbawala-mapreduce-")), plan, firstWorker: 1 };
}

/** Throws InputError when the folder has the work of another job, input or option. */
export function journaledWork(
  folder: string,
  { shipped, inputs, plan: firstPlan, options }: NewJob,
): JobWork {
  const { partitions = "default", splitBytes = "default", memoryBytes } = options;
  const identity = {
    "the job": identityOfJob(shipped),
    ...identityOfFiles(inputs),
    ...{ partitions: `${partitions}`, splitBytes: `${splitBytes}`, memoryBytes: `${memoryBytes}` },
  };
  const journal = new JobJournal(folder, identity, () => firstPlan);
  const { workFolder, begun: plan } = journal;
  keepWhole(journal);
  const { saved, earlierProcess } = journal;
  if (options.out !== undefined && earlierProcess !== undefined) {
    rmSync(`${resolve(options.out)}.partial-${earlierProcess}`, { force: true });
  }
  return { folder: workFolder, plan, journal, saved, firstWorker: freeNumber(workFolder) };
}

/** What the control plane is told of it. */
export function clusterWork({ journal, saved, firstWorker }: JobWork): ClusterOptions["work"] {
  return { saved, firstWorker, onSave: journal && ((key, value) => journal.save(key, value)) };
}

/** After success nothing is left; else what a journal has is kept. */
export function endWork({ folder, journal }: JobWork, isDone: boolean): void {
  if (journal === undefined) rmSync(folder, { recursive: true, force: true });
  else if (isDone) journal.remove();
  else journal.close();
}

/** The name and a hash of its functions; a module counts with its text. */
function identityOfJob(shipped: ShippedJob): string {
  const module = shipped.kind === "module" ? readFileSync(shipped.file, "utf8") : "";
  const name = shipped.kind === "module" ? shipped.exportName : (shipped as { name?: string }).name;
  return `${name ?? "groupBy"} (${identityOfText(JSON.stringify(shipped) + module)})`;
}

/** Where an output lies. */
export function outputFile(folder: string, ref: OutputRef): string {
  const { worker, mapTaskId, partition } = ref;
  return join(
    folder,
    worker,
    mapTaskId < 0 ? answerName(partition) : runName(mapTaskId, partition),
  );
}

/** Tasks whose files are not whole are to be done again; files of no task that is done go. */
function keepWhole(journal: JobJournal<Plan>): void {
  const { saved = {}, workFolder: folder } = journal;
  const files = new Set<string>();
  for (const [key, outputs] of [...savedOutputs(saved)]) {
    const own = outputs.map((ref) => ({ file: outputFile(folder, ref), bytes: ref.bytes }));
    const isWhole = own.every(({ file, bytes }) => sizeOf(file) === bytes);
    if (isWhole) for (const { file } of own) files.add(file);
    else journal.forget(key);
  }
  for (const worker of readdirSync(folder)) {
    for (const name of readdirSync(join(folder, worker))) {
      const file = join(folder, worker, name);
      if (!files.has(file)) rmSync(file, { recursive: true });
    }
  }
}

function sizeOf(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.size;
}

/** After all workers "n1", "n2"... that have a folder. */
export function freeNumber(folder: string): number {
  const numbers = readdirSync(folder).map((name) => Number(name.slice(1)));
  return Math.max(0, ...numbers) + 1;
}
