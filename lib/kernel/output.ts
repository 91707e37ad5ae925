/**
 * Output that is never lost. zeromq.js makes every 513th `send` of a socket asynchronous, and
 * stock tslab awaits none, so whatever else was published in that turn was dropped with EBUSY.
 */
import { kernelTimers } from "./kernel-timers";
import type { TslabParts } from "./tslab";

/** Text is published at the latest when this much has gathered. */
const flushCharacters = 65_536;

/**
 * Makes every send of the kernel's sockets synchronous (a send time-out of 0 never takes the
 * delayed path) and lifts the limit at which a publisher drops messages for a slow reader.
 */
export function makeSendsSynchronous(zeromq: TslabParts["zeromq"]): void {
  for (const socket of [zeromq.Publisher, zeromq.Router]) {
    const prototype = socket.prototype as Record<string, (...args: unknown[]) => unknown>;
    const [send, bind] = [prototype["send"], prototype["bind"]];
    if (send === undefined || bind === undefined) continue;
    override(prototype, "bind", function (this: Record<string, unknown>, ...args) {
      this["sendHighWaterMark"] = 0;
      this["sendTimeout"] = 0;
      return bind.apply(this, args);
    });
    override(prototype, "send", function (this: Record<string, unknown>, ...args) {
      if (this["sendTimeout"] !== 0) this["sendTimeout"] = 0;
      return send.apply(this, args);
    });
  }
}

/** The prototypes' methods are not writable, so that a plain assignment is silently ignored. */
function override(
  prototype: object,
  name: string,
  method: (this: Record<string, unknown>, ...args: unknown[]) => unknown,
): void {
  Object.defineProperty(prototype, name, { configurable: true, writable: true, value: method });
}

export type StreamName = "stdout" | "stderr";

/** Gathers what is written to the streams and publishes it once a turn, in order. */
export class StreamBuffer {
  private name: StreamName = "stdout";
  private text = "";
  private isScheduled = false;

  constructor(private readonly publish: (name: StreamName, text: string) => void) {}

  write(name: StreamName, text: string): void {
    if (name !== this.name) this.flush();
    this.name = name;
    this.text += text;
    if (this.text.length >= flushCharacters) return this.flush();
    if (this.isScheduled) return;
    this.isScheduled = true;
    kernelTimers.setImmediate(() => {
      this.isScheduled = false;
      this.flush();
    });
  }

  flush(): void {
    const text = this.text;
    this.text = "";
    if (text !== "") this.publish(this.name, text);
  }

  /** What was written to stderr and not published yet; it is taken out. */
  takeErrors(): string {
    if (this.name !== "stderr") return "";
    const text = this.text;
    this.text = "";
    return text;
  }
}

/** Sends what the process writes to stdout and stderr to `buffer()` of the moment. */
export function captureStreams(buffer: () => StreamBuffer | undefined): void {
  for (const name of ["stdout", "stderr"] as const) {
    const decoder = new TextDecoder();
    const write = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
      const text = typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true });
      buffer()?.write(name, text);
      const done = rest.find((argument) => typeof argument === "function");
      if (typeof done === "function") process.nextTick(done as () => void);
      return true;
    };
    process[name].write = write as typeof process.stdout.write;
  }
}
