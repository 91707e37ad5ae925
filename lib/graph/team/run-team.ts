/**
 * Runs a kernel on a team of threads, or at once on this thread when it is to be one. Threads are
 * kept for the next kernel: starting one takes 40 ms, and compiling the kernel anew as long again.
 */
import { availableParallelism } from "os";
import { join } from "path";
import { Worker } from "worker_threads";
import { wholeInRange } from "../../basics";
import type { Kernel, ThreadAnswer, ThreadRequest } from "./kernel";
import { controlLength, Team } from "./team";

/** What all parallel functions on graphs take. */
export interface ParallelOptions {
  /**
   * Threads, 1 to 256; the answer is the same for any number. Default: all cores for graphs of
   * 250,000 arcs and more, else 1.
   */
  readonly workers?: number;
  readonly onProgress?: (done: number, total: number) => void;
  /** Ends the threads and rejects; a run on one thread looks at it only before it starts. */
  readonly signal?: AbortSignal | undefined;
}

const worthThreads = 250_000;

export function workersFor(arcs: number, { workers }: ParallelOptions): number {
  const fallback = arcs >= worthThreads ? availableParallelism() : 1;
  return wholeInRange("workers", workers ?? fallback, { min: 1, max: 256 });
}

/** `file`: the compiled module of the kernel, which threads load too. */
export async function runTeam<Input>(
  file: string,
  input: Input,
  options: ParallelOptions & { readonly workers: number },
): Promise<void> {
  const { workers, signal, onProgress = () => undefined } = options;
  signal?.throwIfAborted();
  if (workers === 1) {
    const { run } = require(file) as Kernel<Input>;
    return run(input, Team.alone(), onProgress);
  }
  const threads = Array.from({ length: workers }, takeThread);
  const control = new Int32Array(new SharedArrayBuffer(controlLength * 4));
  threads.forEach((thread, worker) => {
    const request: ThreadRequest = { file, input, control, worker, workers };
    thread.postMessage(request);
  });
  try {
    await allEnded(threads, onProgress, signal);
    threads.forEach(keepThread);
  } catch (error) {
    // The others may wait for the one that failed.
    await Promise.all(threads.map((thread) => thread.terminate()));
    throw error;
  }
}

/** Threads that wait for work; they do not keep the program alive. */
const idle: Worker[] = [];

function takeThread(): Worker {
  const thread = idle.pop() ?? new Worker(join(__dirname, "team-thread.js"));
  thread.ref();
  return thread;
}

function keepThread(thread: Worker): void {
  for (const event of ["message", "error"]) thread.removeAllListeners(event);
  thread.unref();
  if (idle.length < availableParallelism()) idle.push(thread);
  else void thread.terminate();
}

function allEnded(
  threads: readonly Worker[],
  onProgress: (done: number, total: number) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let running = threads.length;
    const abort = (): void => reject(signal?.reason as Error);
    signal?.addEventListener("abort", abort, { once: true });
    for (const thread of threads) {
      thread.on("message", (answer: ThreadAnswer) => {
        if (answer.kind === "progress") return onProgress(answer.done, answer.total);
        if (--running > 0) return;
        signal?.removeEventListener("abort", abort);
        resolve();
      });
      thread.once("error", reject);
    }
  });
}
