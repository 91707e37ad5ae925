/**
 * Where a session works: a folder that vanishes with it, or one that outlives the process, with a
 * journal, so that the same program goes on where an earlier process was killed.
 *
 * Assumes: the program makes the same steps in the same order; each is compared.
 * Guarantees: outputs for shuffles that an earlier process had finished are not made again; what
 * it had cached, and handed over, is.
 */
import { createHash } from "crypto";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "fs";
import { tmpdir } from "os";
import { join } from "path";
import { serialize } from "v8";
import { InputError } from "../../basics";
import type { Saved } from "../coordinator-lives";
import { identityOfFiles } from "../job-identity";
import { JobJournal } from "../job-journal";
import { freeNumber } from "../map-reduce/job-work";
import { shuffleFile } from "./data-plane/shuffle-file";
import { functionsOf } from "./lineage";
import type { Operator, ShippedStep } from "./steps";

export interface SessionWork {
  readonly folder: string;
  readonly firstWorker: number;
  readonly journal?: JobJournal<object>;
  /** What the coordinator of an earlier process had saved, as far as it holds. */
  readonly saved?: Saved;
}

export function temporarySession(): SessionWork {
  return { folder: mkdtempSync(join(tmpdir(), "dabbawala-dataset-")), firstWorker: 1 };
}

/** Throws InputError when the folder is of another kind of job, or in use. */
export function journaledSession(folder: string): SessionWork {
  const journal = new JobJournal<object>(
    folder,
    { "the job": "a session of data sets" },
    () => ({}),
  );
  const { workFolder } = journal;
  const files = new Set<string>();
  for (const [key, worker] of Object.entries(journal.saved ?? {})) {
    const [kind, shuffle, partition] = key.split("/");
    if (kind !== "output" || worker === null) continue;
    const own = join(workFolder, worker as string);
    const file = shuffleFile(own, Number(shuffle), Number(partition));
    if (existsSync(file)) files.add(file);
    else journal.forget(key);
  }
  removeOthers(workFolder, files);
  const { saved } = journal;
  return { folder: workFolder, firstWorker: freeNumber(workFolder), journal, saved };
}

/** The folders of workers stay, so that no other worker is called so. */
function removeOthers(folder: string, files: ReadonlySet<string>): void {
  for (const worker of readdirSync(folder)) {
    const isWorker = /^n\d+$/.test(worker);
    if (!isWorker) rmSync(join(folder, worker), { recursive: true });
    for (const name of isWorker ? readdirSync(join(folder, worker)) : []) {
      const file = join(folder, worker, name);
      if (!files.has(file)) rmSync(file, { recursive: true });
    }
  }
}

/** What a process after this one cannot do without: jobs and caches end with the process. */
export function isWorthSaving(key: string): boolean {
  return /^(life$|output\/|added\/)/.test(key);
}

/** By shuffle, the partitions whose outputs an earlier process had finished. */
export function keptOutputs(saved: Saved = {}): Map<number, Set<number>> {
  const kept = new Map<number, Set<number>>();
  for (const [key, worker] of Object.entries(saved)) {
    const [kind, shuffle, partition] = key.split("/");
    if (kind !== "output" || worker === null) continue;
    const partitions = kept.get(Number(shuffle)) ?? new Set<number>();
    kept.set(Number(shuffle), partitions.add(Number(partition)));
  }
  return kept;
}

/** Throws InputError when an earlier process had another step of that number. */
export function checkStep(
  { journal, saved = {} }: SessionWork,
  step: ShippedStep,
  broadcastOf: (id: number) => unknown,
): void {
  if (journal === undefined) return;
  const key = `step/${step.id}`;
  const now = `${step.name} ${digestOf(step, broadcastOf)}`;
  if (saved[key] === undefined) return journal.save(key, now);
  if (saved[key] === now) return;
  throw new InputError(
    `${journal.folder} holds the work of another program: step ${step.id} was ` +
      `${String(saved[key])}, and is now ${now}; give the same, or remove the folder to begin anew`,
  );
}

/** Of the step, the files it reads, its functions' modules and its broadcasts. */
function digestOf(step: ShippedStep, broadcastOf: (id: number) => unknown): string {
  const hash = createHash("sha256").update(serialize(step));
  const { operator } = step;
  if (operator.kind === "stored")
    for (const file of operator.files) hash.update(readFileSync(file));
  else hash.update(JSON.stringify(identityOfFiles(filesOf(operator))));
  for (const written of functionsOf(step)) {
    if (written.kind === "module") hash.update(readFileSync(written.file));
    else {
      for (const id of Object.values(written.refs.broadcasts))
        hash.update(serialize(broadcastOf(id)));
    }
  }
  return hash.digest("hex").slice(0, 12);
}

function filesOf(operator: Operator): string[] {
  const places = "splits" in operator ? operator.splits : "parts" in operator ? operator.parts : [];
  return [...new Set(places.map(({ file }) => file))];
}
