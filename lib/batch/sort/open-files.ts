/** How many runs each thread of a sort may have open, so that the process stays in its limit. */
import { readFileSync, readdirSync } from "fs";
import { wholeInRange } from "../../basics";

/** Where the system does not tell: what macOS grants. */
const usualLimit = 256;
/** For what else the process opens meanwhile. */
const spareFiles = 16;
/** Two for each run: its records, its index. */
const filesPerRun = 2;
/** A thread writes a run, or the output, meanwhile. */
const filesPerThread = 2;
const leastRuns = 2;

/**
 * `openFiles`: what all threads may open together; without it, what the system lets the process
 * open yet. Throws RangeError where each thread could not merge two runs.
 */
export function runsOpenAtOnce(openFiles: number | undefined, workers: number): number {
  const least = workers * (filesPerThread + leastRuns * filesPerRun);
  if (openFiles !== undefined) wholeInRange("openFiles", openFiles, { min: least, max: 2 ** 20 });
  const files = openFiles ?? Math.max(least, filesLeft());
  return Math.floor((files / workers - filesPerThread) / filesPerRun);
}

function filesLeft(): number {
  try {
    const limits = readFileSync("/proc/self/limits", "utf8");
    const [, limit] = /^Max open files +(\d+)/m.exec(limits) ?? [];
    const open = readdirSync("/proc/self/fd").length;
    return (limit === undefined ? 2 ** 20 : Number(limit)) - open - spareFiles;
  } catch {
    return usualLimit / 2;
  }
}
