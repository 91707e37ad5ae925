/**
 * Repairs tslab 1.0.22 in the process in which it runs: no output is lost, failures are failures,
 * and requests are answered as the protocol says. What each cure mends is said beside it.
 */
import { captureStreams, makeSendsSynchronous } from "./output";
import { answers } from "./requests";
import { Session } from "./session";
import type { TslabParts, TslabServer } from "./tslab";
import { runningTslab } from "./tslab";
import { Wire } from "./wire";
import type { Socket } from "./wire";

const mark = Symbol.for("dabbawala.kernelRepaired");

/** Repairs a stock tslab that runs this process; does nothing elsewhere, or the second time. */
export function repairIfStockKernel(): void {
  const parts = runningTslab();
  if (parts !== undefined && parts.jupyter.lastWriteDisplayData !== null) repair(parts);
}

/** Puts the repairs in place. Takes effect with the next message that the kernel receives. */
export function repair(parts: TslabParts): void {
  const flags = globalThis as unknown as Record<symbol, boolean | undefined>;
  if (flags[mark]) return;
  flags[mark] = true;
  makeSendsSynchronous(parts.zeromq);
  stopFolderWatching(parts);
  const session = new Session(parts);
  parts.jupyter.ZmqServer.prototype["handleShellMessage"] = dispatcher(parts, session);
  captureStreams(() => session.streams);
  catchLateFailures(session);
  process.prependListener("SIGINT", () => session.interrupt());
}

/**
 * A new file in a watched package made every later cell fail with "Unexpected pending
 * rebuildTimer": folders are no longer watched, files still are.
 */
function stopFolderWatching(parts: TslabParts): void {
  parts.typescript.sys.watchDirectory = () => ({ close: () => {} });
}

/** Stock tslab only prints these, and the run stays green. */
function catchLateFailures(session: Session): void {
  for (const event of ["uncaughtException", "unhandledRejection"] as const) {
    process.removeAllListeners(event);
    process.on(event, (error: unknown) => session.failLate(error));
  }
}

function dispatcher(parts: TslabParts, session: Session) {
  const known = answers(parts, session);
  return async function (this: TslabServer, socket: Socket, ...frames: Buffer[]): Promise<void> {
    const wire = new Wire(this.connInfo.key);
    const request = wire.parse(frames);
    const name = request.header.msg_type.replace(/_request$/, "");
    if (name === "execute") return session.execute(this, socket, request);
    const publish = (state: string): void => {
      const content = { execution_state: state };
      void this.iopub.send(wire.frames("status", { ...request, identities: [] }, content));
    };
    publish("busy");
    const content = known[name]?.(this, request);
    if (content !== undefined) void socket.send(wire.frames(`${name}_reply`, request, content));
    publish("idle");
    if (name === "shutdown") this.close();
  };
}
