/**
 * The crowd, as a thread of its own: so many connections, kept alive, each asks again when it has
 * its answer. Measures from the request to the end of its answer.
 */
import { Agent, request } from "node:http";
import { parentPort, workerData } from "node:worker_threads";
import type { ClientJob, ClientReport } from "./client";

const { port, connections, seconds } = workerData as ClientJob;
const agent = new Agent({ keepAlive: true, maxSockets: connections });
const startMs = performance.now();
const report: ClientReport = { endsMs: [], latenciesMs: [], backEnds: [], failedMs: [] };

/** Resolves with who answered, or undefined where nobody did, or not with 200. */
function ask(): Promise<string | undefined> {
  return new Promise((answered) => {
    const asked = request({ host: "127.0.0.1", port, agent, path: "/" }, (response) => {
      response.resume();
      response.on("error", () => answered(undefined));
      response.on("end", () => {
        const { statusCode, headers } = response;
        answered(statusCode === 200 ? String(headers["x-back-end"] ?? "") : undefined);
      });
    });
    asked.on("error", () => answered(undefined));
    asked.end();
  });
}

async function lane(): Promise<void> {
  for (;;) {
    const fromMs = performance.now() - startMs;
    if (fromMs > seconds * 1_000) return;
    const backEnd = await ask();
    const endMs = performance.now() - startMs;
    if (backEnd === undefined) report.failedMs.push(endMs);
    else {
      report.endsMs.push(endMs);
      report.latenciesMs.push(endMs - fromMs);
      report.backEnds.push(backEnd);
    }
  }
}

parentPort?.postMessage("started");
void Promise.all(Array.from({ length: connections }, lane)).then(() => {
  agent.destroy();
  parentPort?.postMessage(report);
});
