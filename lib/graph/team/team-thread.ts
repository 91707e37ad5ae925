/** One thread of teams: runs the kernels that it is asked to, and tells when each has ended. */
import { parentPort } from "worker_threads";
import type { Kernel, ThreadAnswer, ThreadRequest } from "./kernel";
import { Team } from "./team";

function tell(answer: ThreadAnswer): void {
  parentPort?.postMessage(answer);
}

parentPort?.on("message", ({ file, input, control, worker, workers }: ThreadRequest) => {
  const { run } = require(file) as Kernel<unknown>;
  run(input, new Team(control, worker, workers), (done, total) => {
    tell({ kind: "progress", done, total });
  });
  tell({ kind: "ended" });
});
