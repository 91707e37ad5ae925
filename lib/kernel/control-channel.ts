/**
 * Serves Jupyter's control channel from a thread, so that an interrupt is heard while a cell keeps
 * the main thread busy. Everything else that arrives there is answered by the main thread.
 */
import { join } from "path";
import { Worker } from "worker_threads";
import type { Session } from "./session";
import type { TslabParts, TslabServer } from "./tslab";
import type { Socket } from "./wire";

/** What the thread is started with. */
export interface ControlThreadData {
  readonly address: string;
  readonly zeromqPath: string;
  readonly phaseMemory: SharedArrayBuffer;
}

type Frames = readonly (Buffer | string)[];
type Bind = (this: TslabServer, socket: Socket, port: number) => Promise<void>;

/** To be called before the kernel starts: from then on it does not bind the channel itself. */
export function serveControlFromThread(parts: TslabParts, session: Session): void {
  const prototype = parts.jupyter.ZmqServer.prototype;
  const bind = prototype["bindSocket"] as Bind;
  const replacement: Bind = function (socket, port) {
    if (socket !== this.control) return bind.call(this, socket, port);
    const { transport, ip } = this.connInfo;
    const workerData: ControlThreadData = {
      address: `${transport}://${ip}:${port}`,
      zeromqPath: parts.zeromqPath,
      phaseMemory: session.shared.memory,
    };
    const thread = new Worker(join(__dirname, "control-thread.js"), { workerData });
    session.beforeExit = () => closed(thread);
    return bound(this, thread);
  };
  prototype["bindSocket"] = replacement;
}

function bound(server: TslabServer, thread: Worker): Promise<void> {
  const socket: Socket = {
    send: (frames) => Promise.resolve(thread.postMessage(frames)),
  };
  thread.unref();
  return new Promise((resolve, reject) => {
    thread.once("error", reject);
    thread.on("message", (frames: "bound" | Frames) => {
      if (frames === "bound") return resolve();
      const buffers = frames.map((frame) => Buffer.from(frame as Uint8Array));
      void server.handleShellMessage(socket, ...buffers);
    });
  });
}

/** A process that ends with an open socket in a thread is aborted. */
function closed(thread: Worker): Promise<void> {
  return new Promise((resolve) => {
    thread.once("exit", () => resolve());
    thread.postMessage("close");
  });
}
