/**
 * Gives a run of the tests one temporary folder, in which every test file has its own. A run that
 * is broken off or killed leaves it behind; the next run removes it.
 */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const name = /^dabbawala-tests-(\d+)-/;

export default function giveFolder(): () => void {
  const all = tmpdir();
  for (const left of readdirSync(all)) {
    const owner = name.exec(left)?.[1];
    if (owner !== undefined && !isAlive(Number(owner))) remove(join(all, left));
  }
  const folder = mkdtempSync(join(all, `dabbawala-tests-${process.pid}-`));
  process.env["TMPDIR"] = folder;
  return () => remove(folder);
}

/** One that belongs to somebody else stays. */
function remove(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch (error) {
    if (!["EACCES", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
