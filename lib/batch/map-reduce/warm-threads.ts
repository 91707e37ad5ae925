/**
 * Threads that have ended a job wait a little for the next one: starting a thread and warming its
 * code up takes 0.1 to 0.3 s of every job, which small jobs and repeated ones need not pay.
 */
import { availableParallelism } from "os";
import { join } from "path";
import { Worker } from "worker_threads";

/** Then the thread ends, and its memory is free. */
const idleMs = 10_000;

/** With what ends each of them. */
const idle = new Map<Worker, { readonly timer: NodeJS.Timeout; readonly onExit: () => void }>();

/** A waiting thread, or a new one. */
export function takeThread(): Worker {
  for (const [thread, { timer, onExit }] of idle) {
    clearTimeout(timer);
    thread.off("exit", onExit);
    idle.delete(thread);
    thread.ref();
    return thread;
  }
  return new Worker(join(__dirname, "worker-thread.js"));
}

/** Takes back a thread without work; no more wait than there are cores. */
export function keepThread(thread: Worker): void {
  if (idle.size >= availableParallelism()) return void thread.terminate();
  thread.unref();
  const timer = setTimeout(() => void thread.terminate(), idleMs).unref();
  const onExit = (): void => void idle.delete(thread);
  thread.once("exit", onExit);
  idle.set(thread, { timer, onExit });
}
