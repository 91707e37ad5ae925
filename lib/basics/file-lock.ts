/**
 * Keeps two processes from writing one file: beside it stands a file with the number of the process
 * that has it. One that was killed leaves it behind, and the next one takes over.
 */
import { closeSync, openSync, readFileSync, rmSync, writeSync } from "fs";
import { InputError } from "./input-error";

/** Throws InputError when a process that is alive has the file. Threads of one process share it. */
export function lockFile(path: string): void {
  const lock = lockOf(path);
  const owner = ownerOf(lock);
  if (owner !== undefined && owner !== process.pid && isAlive(owner)) {
    const what = `${path}: in use by process ${owner}`;
    throw new InputError(`${what}: end it first, or remove ${lock} if it is another program`);
  }
  const descriptor = openSync(lock, "w");
  writeSync(descriptor, `${process.pid}\n`);
  closeSync(descriptor);
}

export function unlockFile(path: string): void {
  rmSync(lockOf(path), { force: true });
}

function lockOf(path: string): string {
  return `${path}.lock`;
}

function ownerOf(lock: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(lock, "utf8"), 10) || undefined;
  } catch {
    return undefined;
  }
}

/** A process that has ended and that nobody has noticed yet ("Z") writes no more. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return true; // not a system with /proc
  }
}
