// Two set-ups in one checkout at a time would remove each other's packages.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { notes, stop } from "./checkout.mjs";

const file = join(notes, "running");

/** Takes the turn until `endTurn` or the end of the process; stops when another set-up has it. */
export function takeTurn() {
  mkdirSync(notes, { recursive: true });
  const other = runningSetUp();
  if (other !== undefined) {
    stop(
      `Another set-up of this checkout is running (process ${other}): wait for its end, or ` +
        "remove .setup/running if that process is something else.",
    );
  }
  writeFileSync(file, String(process.pid));
  process.once("exit", endTurn);
}

export function endTurn() {
  if (runningSetUp() === undefined) rmSync(file, { force: true });
}

/** The id of another live process that holds the turn. One that was killed holds it no more. */
function runningSetUp() {
  try {
    const id = Number(readFileSync(file, "utf8"));
    if (id === process.pid) return undefined;
    process.kill(id, 0);
    return id;
  } catch {
    return undefined;
  }
}
