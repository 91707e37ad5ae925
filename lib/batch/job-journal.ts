/**
 * What makes a job outlive its process: a folder with the job's working files and, beside them, a
 * journal of what its coordinator saves, a line a save. The same job begun again with that folder
 * goes on where the last process was killed.
 *
 * Source: Dean and Ghemawat 2004, section 3.3 (checkpoints of the master).
 * Assumes: the process is killed and the machine lives: nothing is synced to the disk.
 * Cost: one write of a line a save, two a task.
 */
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, readdirSync } from "fs";
import { rmSync, rmdirSync, truncateSync, writeSync } from "fs";
import { join, resolve } from "path";
import { InputError } from "../basics";
import { lockFile, unlockFile } from "../basics/file-lock";
import type { Saved } from "./coordinator-lives";

/** What must be the same when a job is taken up again: a name for people, and its value. */
export type JobIdentity = Readonly<Record<string, string>>;

interface Header<Begun> {
  readonly format: string;
  readonly identity: JobIdentity;
  readonly begun: Begun;
}

interface Line {
  readonly key: string;
  /** Absent: the key is deleted. */
  readonly value?: unknown;
}

const processKey = "process";
const format = "dabbawala job journal 1";

/** Those of this process: the lock on the file is between processes. */
const openFolders = new Set<string>();

export class JobJournal<Begun> {
  /** Of the job's working files. */
  readonly workFolder: string;
  /** What the first process decided, such as how the input is cut. */
  readonly begun: Begun;
  /** The number of the process that wrote the journal before this one. */
  readonly earlierProcess: number | undefined;
  private readonly file: string;
  private readonly values: Record<string, unknown> | undefined;
  private descriptor: number | undefined;

  /**
   * Begins a job in the folder, which is made, or takes up the one that is there. Throws InputError
   * when that is another job, when a process works on it, or when the folder is not for this.
   */
  constructor(
    readonly folder: string,
    identity: JobIdentity,
    begin: () => Begun,
  ) {
    this.file = join(folder, "journal");
    this.workFolder = resolve(folder, "work");
    makeFolder(folder);
    if (openFolders.has(resolve(folder))) throw new InputError(`${folder}: a job of it runs`);
    lockFile(this.file);
    try {
      const known = existsSync(this.file) ? readJournal<Begun>(this.file) : undefined;
      if (known !== undefined) checkIdentity(folder, known.header.identity, identity);
      this.begun = known === undefined ? begin() : known.header.begun;
      this.values = known?.saved;
      this.earlierProcess = known?.saved[processKey] as number | undefined;
      mkdirSync(this.workFolder, { recursive: true });
      this.descriptor = openSync(this.file, "a");
      if (known === undefined) this.write({ format, identity, begun: this.begun });
      this.write({ key: processKey, value: process.pid });
    } catch (error) {
      unlockFile(this.file);
      if (readdirSync(folder).length === 0) rmdirSync(folder);
      throw error;
    }
    openFolders.add(resolve(folder));
  }

  /** What the coordinator had saved; undefined for a job that begins. */
  get saved(): Saved | undefined {
    return this.values;
  }

  /** Of what was saved, this does not hold any more. */
  forget(key: string): void {
    if (this.values !== undefined) delete this.values[key];
    this.save(key, undefined);
  }

  save(key: string, value: unknown): void {
    this.write({ key, value } satisfies Line);
  }

  /** The job can be taken up again. */
  close(): void {
    if (this.descriptor === undefined) return;
    closeSync(this.descriptor);
    this.descriptor = undefined;
    openFolders.delete(resolve(this.folder));
    unlockFile(this.file);
  }

  /** The job is done: the journal goes first, so that no half of it is taken up. */
  remove(): void {
    rmSync(this.file, { force: true });
    this.close();
    rmSync(this.workFolder, { recursive: true, force: true });
    if (readdirSync(this.folder).length === 0) rmdirSync(this.folder);
  }

  private write(line: Line | Header<Begun>): void {
    if (this.descriptor === undefined) return;
    const bytes = Buffer.from(JSON.stringify(line) + "\n");
    try {
      for (let at = 0; at < bytes.length;) at += writeSync(this.descriptor, bytes, at);
    } catch (error) {
      throw new InputError(`${this.file}: cannot be written (${(error as Error).message})`);
    }
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new InputError(`${folder}: cannot be made a folder (${(error as Error).message})`);
  }
  const others = readdirSync(folder).filter((name) => !/^(journal(\.lock)?|work)$/.test(name));
  if (others.length === 0) return;
  throw new InputError(`${folder} holds other files, such as ${others[0]}: name an empty folder`);
}

function readJournal<Begun>(
  file: string,
): { header: Header<Begun>; saved: Record<string, unknown> } | undefined {
  const bytes = readFileSync(file);
  const end = bytes.lastIndexOf(10) + 1;
  if (end < bytes.length) truncateSync(file, end); // the process was killed while it wrote
  if (end === 0) return undefined;
  const lines = bytes.toString("utf8", 0, end - 1).split("\n");
  const header = parseLine(file, lines, 0) as Header<Begun>;
  if (header.format !== format) {
    throw new InputError(`${file} is no journal of this version: remove it to begin anew`);
  }
  const saved: Record<string, unknown> = {};
  for (let i = 1; i < lines.length; i++) {
    const { key, value } = parseLine(file, lines, i) as Line;
    if (value === undefined) delete saved[key];
    else saved[key] = value;
  }
  return { header, saved };
}

function parseLine(file: string, lines: readonly string[], index: number): object {
  try {
    return JSON.parse(lines[index] as string) as object;
  } catch {
    throw new InputError(`${file}, line ${index + 1}: damaged: remove the folder to begin anew`);
  }
}

function checkIdentity(folder: string, was: JobIdentity, is: JobIdentity): void {
  for (const name of new Set([...Object.keys(was), ...Object.keys(is)])) {
    const [before, now] = [was[name] ?? "not there", is[name] ?? "not there"];
    if (before === now) continue;
    throw new InputError(
      `${folder} holds the work of another job: ${name} was ${before}, and is now ${now}; ` +
        "give the same, or remove the folder to begin anew",
    );
  }
}
