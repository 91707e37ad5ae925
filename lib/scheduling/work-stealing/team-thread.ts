/** A thread of a team: makes the program once, and runs its parts whenever it is told to. */
import { parentPort, workerData } from "worker_threads";
import { stopAt } from "./layout";
import type { TeamNews, TeamOrder, TeamSetup } from "./layout";
import { loadProgram } from "./program";
import { runParts } from "./worker-loop";

const setup = workerData as TeamSetup;
const tell = (news: TeamNews): void => parentPort?.postMessage(news);

/** Everybody stops when one fails. */
function attempt(work: () => TeamNews): void {
  try {
    tell(work());
  } catch (error) {
    Atomics.store(new Int32Array(setup.control), stopAt, 1);
    tell({ kind: "failed", message: error instanceof Error ? error.message : String(error) });
  }
}

attempt(() => {
  const program = loadProgram(setup.program);
  parentPort?.on("message", (order: TeamOrder) => {
    attempt(() => ({ kind: "done", tally: runParts(program, setup, order) }));
  });
  return { kind: "ready" };
});
