/**
 * Knows the timers, workers and forked processes that cells have started, so that an interrupt ends
 * them: after `await` has been given up, nobody else could reach an interval that goes on.
 */
import { syncBuiltinESMExports } from "module";

type Callback = (...values: unknown[]) => void;
type Start = (callback: Callback, ...rest: unknown[]) => object;
type Stop = (timer: unknown) => void;
type Functions<T> = Record<string, T>;
interface EndingProcess {
  kill(signal: "SIGKILL"): boolean;
  once(event: "exit", listener: () => void): void;
}
interface EndingWorker {
  ref(): void;
  terminate(): Promise<number>;
  once(event: "exit", listener: () => void): void;
}

/** The reason of the aborts that an interrupt causes: they are no failures. */
export const interruptReason = Symbol("interrupted");

export class LeftBehind {
  private readonly timers = new Map<unknown, { cell: number; stop: Stop }>();
  private readonly workers = new Map<EndingWorker, number>();
  private readonly forks = new Map<EndingProcess, number>();
  private sleeps = new AbortController();
  /** What is started now belongs to this cell; what belongs to 0 is the kernel's own. */
  cell = 0;

  /** Replaces the timers, those of "timers/promises" too, Worker, and fork of child_process. */
  watch(): void {
    this.watchTimer("setTimeout", "clearTimeout", true);
    this.watchTimer("setInterval", "clearInterval", false);
    this.watchTimer("setImmediate", "clearImmediate", true);
    this.watchSleeps();
    this.watchWorkers();
    this.watchForks();
    syncBuiltinESMExports();
  }

  /** Ends what that cell started, or what any cell started. Returns when the workers are gone. */
  async end(cell?: number): Promise<void> {
    const isMeant = (owner: number): boolean => (cell === undefined ? owner > 0 : owner === cell);
    for (const [timer, { cell: owner, stop }] of this.timers) {
      if (isMeant(owner)) stop(timer);
    }
    this.sleeps.abort(interruptReason);
    this.sleeps = new AbortController();
    for (const [child, owner] of this.forks) if (isMeant(owner)) child.kill("SIGKILL");
    const ending = [...this.workers].filter(([, owner]) => isMeant(owner));
    await Promise.all(ending.map(([worker]) => worker.terminate()));
  }

  private watchTimer(startName: string, stopName: string, isOnce: boolean): void {
    const modules = [globalThis, require("timers")] as unknown as Functions<unknown>[];
    const start = modules[0]?.[startName] as Start;
    const stop = modules[0]?.[stopName] as Stop;
    const forgetting: Stop = (timer) => {
      this.timers.delete(timer);
      stop(timer);
    };
    const watched: Start = (callback, ...rest) => {
      if (typeof callback !== "function") return start(callback, ...rest);
      const timer = start(
        (...values) => {
          if (isOnce) this.timers.delete(timer);
          callback(...values);
        },
        ...rest,
      );
      this.timers.set(timer, { cell: this.cell, stop: forgetting });
      return timer;
    };
    for (const module of modules) {
      module[startName] = like(start, watched);
      module[stopName] = like(stop, forgetting);
    }
  }

  private watchSleeps(): void {
    const promises = require("timers/promises") as Functions<unknown>;
    // setImmediate takes (value, options); setTimeout and setInterval take (delay, value, options).
    const optionsAt = { setTimeout: 2, setImmediate: 1, setInterval: 2 };
    for (const [name, at] of Object.entries(optionsAt)) {
      const original = promises[name] as (...args: unknown[]) => unknown;
      const watched = (...args: unknown[]): unknown => {
        const options = (args[at] ?? {}) as { signal?: AbortSignal };
        const ours = this.sleeps.signal;
        const signal = options.signal ? AbortSignal.any([options.signal, ours]) : ours;
        args[at] = { ...options, signal };
        return original(...args);
      };
      // util.promisify(setTimeout) looks here too.
      promises[name] = like(original, watched);
    }
  }

  private watchForks(): void {
    const processes = require("child_process") as Functions<unknown>;
    const fork = processes["fork"] as (...args: unknown[]) => EndingProcess;
    const watched = (...args: unknown[]): EndingProcess => {
      const child = fork(...args);
      this.forks.set(child, this.cell);
      child.once("exit", () => this.forks.delete(child));
      return child;
    };
    processes["fork"] = like(fork, watched);
  }

  private watchWorkers(): void {
    const threads = require("worker_threads") as Functions<unknown>;
    threads["Worker"] = new Proxy(threads["Worker"] as new () => EndingWorker, {
      construct: (target, args, newTarget) => {
        const worker = Reflect.construct(target, args, newTarget) as EndingWorker;
        this.workers.set(worker, this.cell);
        worker.once("exit", () => this.workers.delete(worker));
        // Who refers to a waiting worker again has it work for the cell of then.
        const refer = worker.ref.bind(worker);
        worker.ref = () => {
          this.workers.set(worker, this.cell);
          refer();
        };
        return worker;
      },
    });
  }
}

/** `replacement` with the name and the other properties of `original`. */
function like<T extends object>(original: T, replacement: T): T {
  return Object.defineProperties(replacement, Object.getOwnPropertyDescriptors(original));
}
