/**
 * The thread of the control channel. It forwards each message to the main thread; when that is
 * too busy to hear an interrupt, it stops the JavaScript that keeps it busy:
 * before the cell's first await by SIGINT, which ends vm.runInThisContext; after it by the
 * inspector's Runtime.terminateExecution, which unwinds to the event loop.
 *
 * Assumes: node --no-force-async-hooks-checks. Without it, Node.js aborts the process when a
 * timer's callback is unwound.
 */
import { Session } from "inspector";
import { parentPort, workerData } from "worker_threads";
import type { ControlThreadData } from "./control-channel";
import { phases, SharedPhase } from "./phase";
import { probeExpression } from "./probe";

interface RouterSocket extends AsyncIterable<Buffer[]> {
  bind(address: string): Promise<void>;
  send(frames: readonly (Buffer | string)[]): Promise<void>;
  close(): void;
}

/** A main thread that has not heard within this time is taken to be busy. */
const patienceMs = 150;
/** So often a cell may catch what stops it; a long compilation does not count. */
const mostStops = 40;

const { address, zeromqPath, phaseMemory } = workerData as ControlThreadData;
const shared = new SharedPhase(phaseMemory);
const port = parentPort as NonNullable<typeof parentPort>;

async function serve(): Promise<void> {
  const { Router } = require(zeromqPath) as { Router: new (options: object) => RouterSocket };
  const socket = new Router({ sendTimeout: 0 });
  await socket.bind(address);
  port.on("message", (frames: "close" | readonly (Buffer | string)[]) => {
    if (frames === "close") {
      socket.close();
      return port.close();
    }
    void socket.send(frames.map((part) => (typeof part === "string" ? part : Buffer.from(part))));
  });
  port.postMessage("bound");
  for await (const frames of socket) {
    const heard = shared.heard;
    port.postMessage(frames);
    if (isInterrupt(frames)) void insist(heard);
  }
}

function isInterrupt(frames: readonly Buffer[]): boolean {
  const at = frames.findIndex((frame) => String(frame) === "<IDS|MSG>");
  const header = JSON.parse(String(frames[at + 2])) as { msg_type: string };
  return header.msg_type === "interrupt_request";
}

/** Until the main thread has heard, stops what keeps it busy. */
async function insist(heardBefore: number): Promise<void> {
  const session = new Session();
  session.connectToMainThread();
  for (let stops = 0; stops < mostStops;) {
    await new Promise((resolve) => setTimeout(resolve, patienceMs));
    if (shared.heard !== heardBefore) break;
    if (stopMain(session)) stops++;
  }
  session.disconnect();
}

/** Whether there was a cell to stop: the kernel's own work is waited for. */
function stopMain(session: Session): boolean {
  const ask = (): void => session.post("Runtime.evaluate", { expression: probeExpression });
  const phase = shared.askAndHold(ask, patienceMs);
  if (phase === phases.cellStart) process.kill(process.pid, "SIGINT");
  if (phase === phases.later) session.post("Runtime.terminateExecution");
  shared.release();
  return phase === phases.cellStart || phase === phases.later;
}

void serve();
