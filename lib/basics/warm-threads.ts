/**
 * Threads that have ended a job wait a little for the next one: starting a thread and warming its
 * code up takes 0.1 to 0.3 s of every job, which small jobs and repeated ones need not pay. It is
 * safer too: now and then Node 20 aborts the process (in `NodePlatform::ForIsolate`) when a thread
 * ends whose code V8 still optimizes, and one that has been idle has nothing left to optimize.
 */
import { availableParallelism } from "os";
import { Worker } from "worker_threads";

/** Then the thread ends, and its memory is free. */
const idleMs = 10_000;

export class WarmThreads {
  /** With what ends each of them. */
  private readonly idle = new Map<Worker, { timer: NodeJS.Timeout; onExit: () => void }>();

  /** `file`: the compiled module that each thread runs. */
  constructor(private readonly file: string) {}

  /** A waiting thread, or a new one. */
  take(): Worker {
    for (const [thread, { timer, onExit }] of this.idle) {
      clearTimeout(timer);
      thread.off("exit", onExit);
      this.idle.delete(thread);
      thread.ref();
      return thread;
    }
    return new Worker(this.file);
  }

  /**
   * Takes back a thread that has no work and no listener of its last user; no more wait than there
   * are cores. They do not keep the process alive.
   */
  keep(thread: Worker): void {
    if (this.idle.size >= availableParallelism()) return void thread.terminate();
    thread.unref();
    const timer = setTimeout(() => void thread.terminate(), idleMs).unref();
    const onExit = (): void => void this.idle.delete(thread);
    thread.once("exit", onExit);
    this.idle.set(thread, { timer, onExit });
  }
}
