/**
 * Who runs which strand, step by step, when each worker has a deque of its own and steals from
 * others at random, or when all share one queue.
 *
 * Source: R. D. Blumofe, C. E. Leiserson, JACM 46(5), 1999, sections 3 to 6; with strands for
 * threads as in N. Arora, R. Blumofe, C. Plaxton, SPAA 1998, figure 3. A victim answers one thief a
 * step, and the shared queue serves one worker; who comes second has lost the step.
 * Assumes: equal workers, one step each a tick; a steal takes a step.
 * Guarantees: stealing takes T1/P + O(T infinity) steps and O(P x T infinity) steals, in the mean.
 * Cost: O(P) a step.
 */
import { oneOf, onlyKnown, Random, wholeInRange } from "../../basics";
import { joinsOf, workAndSpan } from "./computation";
import type { Computation } from "./computation";

export interface StealingOptions {
  /** From 1. */
  readonly workers: number;
  /** `stealing`: a deque each. `sharing`: one queue for all, first in, first out. */
  readonly policy: "stealing" | "sharing";
  readonly seed: number;
}

export interface StealingRun {
  /** Steps until the last strand ended. */
  readonly steps: number;
  /** T1, steps of all strands together, and T infinity, those of the longest chain. */
  readonly work: number;
  readonly span: number;
  /** Times that a worker took a strand from another's deque, and that it tried. */
  readonly steals: number;
  readonly attempts: number;
  /** Times that anybody went beyond its own memory: attempts, or uses of the shared queue. */
  readonly communication: number;
  /** The most strands that were ready and waited, in all deques or in the queue. */
  readonly peakWaiting: number;
  /** For each strand who ran it and when it ended. */
  readonly trace: readonly { strand: number; worker: number; endStep: number }[];
}

/** RangeError for an option that cannot be. */
export function simulateStealing(computation: Computation, options: StealingOptions): StealingRun {
  onlyKnown("simulateStealing", options, ["workers", "policy", "seed"]);
  oneOf("policy", options.policy, ["stealing", "sharing"]);
  wholeInRange("workers", options.workers, { min: 1, max: 10_000 });
  const run = new Run(computation, options);
  const { work, span } = workAndSpan(computation);
  while (run.ended < computation.length) run.tick();
  const { step: steps, steals, attempts, queueUses, peakWaiting, trace } = run;
  const communication = attempts + queueUses;
  return { steps, work, span, steals, attempts, communication, peakWaiting, trace };
}

interface Worker {
  readonly index: number;
  /** The strand it runs, -1 for none, and the steps that are left of it. */
  strand: number;
  left: number;
  /** Ready strands, the newest at the end; with a shared queue those yet to be brought there. */
  readonly deque: number[];
  /** The last step in which somebody was served here. */
  servedAt: number;
}

class Run {
  step = 0;
  ended = 0;
  steals = 0;
  attempts = 0;
  queueUses = 0;
  peakWaiting = 0;
  readonly trace: { strand: number; worker: number; endStep: number }[] = [];
  private readonly workers: Worker[];
  private readonly missing: Int32Array;
  private readonly queue: number[] = [];
  private queueHead = 0;
  private queueServedAt = 0;
  private readonly random: Random;
  private readonly isSharing: boolean;

  constructor(
    private readonly computation: Computation,
    { workers, policy, seed }: StealingOptions,
  ) {
    this.isSharing = policy === "sharing";
    this.random = new Random(seed);
    this.missing = joinsOf(computation);
    this.workers = Array.from({ length: workers }, (_, index) => {
      return { index, strand: -1, left: 0, deque: [], servedAt: 0 };
    });
    this.begin(this.workers[0], 0);
  }

  /** Workers act in an order that turns, so that nobody always wins. */
  tick(): void {
    this.step++;
    const { length } = this.workers;
    for (let i = 0; i < length; i++) this.act(this.workers[(i + this.step) % length]);
    const inDeques = this.workers.reduce((sum, { deque }) => sum + deque.length, 0);
    const waiting = inDeques + this.queue.length - this.queueHead;
    this.peakWaiting = Math.max(this.peakWaiting, waiting);
  }

  private act(worker: Worker): void {
    if (this.isSharing && worker.deque.length > 0) return this.share(worker);
    if (worker.strand < 0 && worker.deque.length === 0) return this.seek(worker);
    if (worker.strand < 0) this.begin(worker, worker.deque.pop() as number);
    if (--worker.left > 0) return;
    this.end(worker);
  }

  private begin(worker: Worker, strand: number): void {
    worker.strand = strand;
    worker.left = this.computation[strand].steps;
  }

  /** Goes on with what the strand made ready, the first of it, and leaves the other for later. */
  private end(worker: Worker): void {
    this.ended++;
    this.trace.push({ strand: worker.strand, worker: worker.index, endStep: this.step });
    const ready = this.computation[worker.strand].next.filter(
      (strand) => --this.missing[strand] === 0,
    );
    worker.strand = -1;
    if (ready.length > 1) worker.deque.push(ready[1]);
    if (ready.length > 0) this.begin(worker, ready[0]);
  }

  /** Brings a ready strand to the shared queue, if that serves nobody else in this step. */
  private share(worker: Worker): void {
    if (this.useQueue()) this.queue.push(worker.deque.pop() as number);
  }

  private seek(worker: Worker): void {
    if (this.isSharing) {
      if (this.queueHead === this.queue.length || !this.useQueue()) return;
      return this.begin(worker, this.queue[this.queueHead++]);
    }
    if (this.workers.length === 1) return;
    this.attempts++;
    const other = this.random.below(this.workers.length - 1);
    const victim = this.workers[other < worker.index ? other : other + 1];
    if (victim.servedAt === this.step || victim.deque.length === 0) return;
    victim.servedAt = this.step;
    this.steals++;
    this.begin(worker, victim.deque.shift() as number);
  }

  private useQueue(): boolean {
    if (this.queueServedAt === this.step) return false;
    this.queueServedAt = this.step;
    this.queueUses++;
    return true;
  }
}
