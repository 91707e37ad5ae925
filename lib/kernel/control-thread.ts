/**
 * The thread of the control channel. It forwards each message to the main thread; when that is
 * too busy to hear an interrupt, it stops the JavaScript that keeps it busy by the inspector's
 * Runtime.terminateExecution, which unwinds to the event loop.
 *
 * Assumes: node --no-force-async-hooks-checks. Without it, Node.js aborts the process when a
 * timer's callback is unwound.
 */
import { Session } from "inspector";
import { parentPort, workerData } from "worker_threads";
import type { ControlThreadData } from "./control-channel";
import { phases, SharedPhase } from "./phase";
import type { Phase } from "./phase";
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

const probe = { expression: probeExpression };
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
  let before: Phase | undefined;
  for (let stops = 0; stops < mostStops;) {
    await new Promise((resolve) => setTimeout(resolve, patienceMs));
    if (shared.heard !== heardBefore) break;
    const phase = shared.askAndHold(() => session.post("Runtime.evaluate", probe), patienceMs);
    // Idle, and yet it does not hear: a cell's microtasks follow each other without an end.
    const isCell = phase === phases.cell || (phase === phases.idle && before === phases.idle);
    // Queued while the main thread is held, it takes effect when the probe has returned.
    if (isCell) session.post("Runtime.terminateExecution");
    shared.release();
    // The kernel's own work is waited for, and does not count.
    if (isCell) stops++;
    before = phase;
  }
  session.disconnect();
}

void serve();
