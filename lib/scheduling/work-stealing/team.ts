/**
 * A team of worker threads that runs a divide-and-conquer program: by stealing from each other's
 * deques, by one shared queue, or by shares dealt out beforehand.
 *
 * Source: R. D. Blumofe, C. E. Leiserson, JACM 46(5), 1999, section 3, on the deque of deque.ts. A
 * thread leaves its children in its deque and takes the newest: the child first, as there.
 * Assumes: parts do not depend on each other; a failure of one is the failure of all.
 * Guarantees: every part runs once, or the run fails or is stopped as a whole.
 * Cost: two atomic operations on the thread's own deque a part, and one on the count of all.
 */
import { availableParallelism } from "os";
import { join } from "path";
import { Worker } from "worker_threads";
import { InputError, onlyKnown, wholeInRange } from "../../basics";
import { Deque } from "./deque";
import { controlWords, openAt, stopAt } from "./layout";
import type { SharingPolicy, TeamNews, TeamOrder, TeamSetup, ThreadTally } from "./layout";
import { loadProgram } from "./program";
import type { ProgramReference, StealingProgram } from "./program";
import { CentralQueue } from "./central-queue";

export interface TeamOptions {
  /** Threads, 1 to 1,024; default: as many as cores. */
  readonly workers?: number;
  readonly program: ProgramReference;
}

export interface RunOptions {
  /** Default "stealing". */
  readonly policy?: SharingPolicy;
  /** Whom a thief tries follows from it; default 1. */
  readonly seed?: number;
  /** Stops the run: its outcome is `stopped`. */
  readonly signal?: AbortSignal;
}

export interface TeamRun {
  readonly kind: "done" | "stopped";
  /** The sum of what all parts returned. */
  readonly sum: number;
  readonly parts: number;
  /** From the order to the last answer. */
  readonly elapsedMs: number;
  readonly threads: readonly ThreadTally[];
}

const dequeCapacity = 4_096;
const queueCapacity = 1 << 20;

/** Starts the threads; InputError when they cannot load the program. Close the team after use. */
export async function startTeam(options: TeamOptions): Promise<Team> {
  const { workers = availableParallelism(), program } = options;
  onlyKnown("startTeam", options, ["workers", "program"]);
  wholeInRange("workers", workers, { min: 1, max: 1_024 });
  const team = new Team(loadProgram(program), program, workers);
  await team.ready;
  return team;
}

export class Team {
  /** @internal */
  readonly ready: Promise<unknown>;
  private readonly control = new SharedArrayBuffer(4 * controlWords);
  private readonly deques: readonly SharedArrayBuffer[];
  private readonly queue = CentralQueue.memory(queueCapacity);
  private readonly threads: readonly Worker[];
  private isBusy = false;

  /** @internal Use `startTeam`. */
  constructor(
    private readonly program: StealingProgram,
    reference: ProgramReference,
    workers: number,
  ) {
    this.deques = Array.from({ length: workers }, () => Deque.memory(dequeCapacity));
    const { control, deques, queue } = this;
    this.threads = deques.map((_, index) => {
      const workerData: TeamSetup = { index, control, deques, queue, program: reference };
      return new Worker(join(__dirname, "team-thread.js"), { workerData });
    });
    this.ready = Promise.all(this.threads.map((thread) => newsOf(thread)));
  }

  /** Runs the program once; one run at a time. Rejects with an InputError if the program throws. */
  async run({ policy = "stealing", seed = 1, signal }: RunOptions = {}): Promise<TeamRun> {
    if (this.isBusy) throw new InputError("The team is busy: wait for its run before the next.");
    this.isBusy = true;
    const stop = (): void => void Atomics.store(new Int32Array(this.control), stopAt, 1);
    signal?.addEventListener("abort", stop, { once: true });
    try {
      return await this.runNow(policy, seed, signal);
    } finally {
      signal?.removeEventListener("abort", stop);
      this.isBusy = false;
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.threads.map((thread) => thread.terminate()));
  }

  private async runNow(
    policy: SharingPolicy,
    seed: number,
    signal: AbortSignal | undefined,
  ): Promise<TeamRun> {
    for (const memory of [this.control, this.queue, ...this.deques]) new Int32Array(memory).fill(0);
    const start = performance.now();
    const first =
      policy === "static" ? this.split() : { open: [this.program.root], sum: 0, parts: 0 };
    const control = new Int32Array(this.control);
    Atomics.store(control, openAt, first.open.length);
    if (signal?.aborted) Atomics.store(control, stopAt, 1);
    const shares = shared(first.open, this.threads.length);
    const news = this.threads.map((thread, index) => {
      const answer = newsOf(thread);
      thread.postMessage({ policy, parts: shares[index], seed } satisfies TeamOrder);
      return answer;
    });
    const tallies = await talliesOf(news);
    const total = (of: (tally: ThreadTally) => number): number =>
      tallies.reduce((sum, tally) => sum + of(tally), 0);
    return {
      kind: Atomics.load(control, openAt) === 0 ? "done" : "stopped",
      sum: first.sum + total(({ sum }) => sum),
      parts: first.parts + total(({ parts }) => parts),
      elapsedMs: performance.now() - start,
      threads: tallies,
    };
  }

  /** Parts to deal out, level by level, until each thread gets at least one. */
  private split(): { open: number[]; sum: number; parts: number } {
    let open = [this.program.root];
    let [sum, parts] = [0, 0];
    while (open.length > 0 && open.length < this.threads.length) {
      const children: number[] = [];
      for (const part of open) sum += this.program.run(part, (child) => children.push(child));
      parts += open.length;
      open = children;
    }
    return { open, sum, parts };
  }
}

/** When all have answered, so that nobody is still at work when one has failed. */
async function talliesOf(news: readonly Promise<TeamNews>[]): Promise<ThreadTally[]> {
  const failure = (await Promise.allSettled(news)).find(({ status }) => status === "rejected");
  if (failure?.status === "rejected") throw failure.reason;
  return (await Promise.all(news)).flatMap((each) => (each.kind === "done" ? [each.tally] : []));
}

/** Neighbours stay together, as in a partition of an array. */
function shared(parts: readonly number[], workers: number): number[][] {
  return Array.from({ length: workers }, (_, index) => {
    const [from, to] = [index, index + 1].map((i) => Math.floor((i * parts.length) / workers));
    return parts.slice(from, to);
  });
}

/** The next thing that a thread tells; rejects when it failed or died. */
function newsOf(thread: Worker): Promise<TeamNews> {
  return new Promise((resolve, reject) => {
    const forget = (): void => {
      thread.off("message", onNews).off("error", onError).off("exit", onExit);
    };
    const onNews = (news: TeamNews): void => {
      forget();
      if (news.kind === "failed") reject(new InputError(`The program failed: ${news.message}`));
      else resolve(news);
    };
    const onError = (error: Error): void => (forget(), reject(error));
    const onExit = (): void => (forget(), reject(new InputError("The team was closed.")));
    thread.on("message", onNews).on("error", onError).on("exit", onExit);
  });
}
