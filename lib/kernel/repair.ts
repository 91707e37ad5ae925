/**
 * Repairs tslab 1.0.22 in the process in which it runs: no output is lost, failures are failures,
 * and requests are answered as the protocol says. What each cure mends is said beside it.
 */
import { makeSendsSynchronous } from "./output";
import { answers } from "./requests";
import { Session } from "./session";
import type { TslabParts, TslabServer } from "./tslab";
import { loadedTslab } from "./tslab";
import { Wire } from "./wire";
import type { Socket } from "./wire";

const mark = Symbol.for("dabbawala.kernelRepaired");

/** Repairs a stock tslab that runs this process; does nothing elsewhere, or the second time. */
export function repairIfStockKernel(): void {
  const parts = loadedTslab();
  if (parts === undefined || parts.jupyter.lastWriteDisplayData === null) return;
  const session = repair(parts);
  if (session !== undefined) takeOverEvents(session);
}

/**
 * Puts the repairs in place; undefined when they are. They take effect with the next message that
 * the kernel receives.
 */
export function repair(parts: TslabParts): Session | undefined {
  const flags = globalThis as unknown as Record<symbol, boolean | undefined>;
  if (flags[mark]) return undefined;
  flags[mark] = true;
  makeSendsSynchronous(parts.zeromq);
  const session = new Session(parts);
  parts.jupyter.ZmqServer.prototype["handleShellMessage"] = dispatcher(parts, session);
  return session;
}

/**
 * Failures outside a cell's flow, which stock tslab only prints while the run stays green, and the
 * signal of an interrupt. To be called when tslab has set its own listeners.
 */
export function takeOverEvents(session: Session): void {
  for (const event of ["uncaughtException", "unhandledRejection"] as const) {
    process.removeAllListeners(event);
    process.on(event, (error: unknown) => session.failLate(error));
  }
  session.hearSignal();
}

type Dispatcher = (this: TslabServer, socket: Socket, ...frames: Buffer[]) => Promise<void>;

function dispatcher(parts: TslabParts, session: Session): Dispatcher {
  const known = answers(parts, session);
  return async function (socket, ...frames) {
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
    if (name === "shutdown") await session.shutDown(this);
  };
}
