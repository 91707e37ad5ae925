/**
 * Plays the notes of a run again beside a book of its own, and tells each task that was started
 * though nothing that is wanted needed it: what is recomputed is the narrowest ancestors alone.
 */
import type { JobPlan, PlanStep } from "../control/messages";

interface Note {
  readonly label: string;
  readonly detail?: unknown;
}

interface Resumed {
  readonly jobs: readonly { readonly job: number; readonly open: readonly number[] }[];
  readonly there: readonly (readonly [key: string, worker: string])[];
}

interface Told {
  readonly attemptId: number;
  readonly key: string;
  readonly kind: "shuffle" | "result";
  readonly of: number;
  readonly step: number;
  readonly partition: number;
  readonly worker: string;
  readonly isAgain: boolean;
  readonly shuffle: number;
}

export class Replay {
  readonly violations: string[] = [];
  /** Outputs and cached partitions that were lost at any time, and that were made again. */
  readonly lost = new Set<string>();
  readonly again: string[] = [];
  /** What an attempt made, "output 3/1" or "result 2/0", by the attempt. */
  private readonly makers = new Map<number, string>();
  /** Of these, what the workers were told to be taken for good. */
  private readonly promised = new Set<string>();
  /** "output 3/1" or "cached 2/0", with the worker. */
  private readonly there = new Map<string, string>();
  private plan: JobPlan | undefined;
  private open = new Set<number>();

  constructor(private readonly plans: readonly JobPlan[]) {}

  play(notes: readonly Note[]): void {
    for (const { label, detail } of notes) {
      const told = detail as Told;
      if (label === "jobSubmitted") this.begin(Number(detail));
      if (label === "attemptStarted") this.checkNeeded(told);
      if (label === "taskDone") this.done(told);
      if (label === "partitionCached") this.made(`cached ${told.step}/${told.partition}`, told);
      if (label === "inputLost") this.lose(keyOf(told));
      if (label === "answerNoted") this.promise(Number(detail));
      if (label === "coordinatorResumed") this.resume(detail as Resumed);
      if (label !== "workerLost") continue;
      for (const [key, worker] of [...this.there]) if (worker === told.worker) this.lose(key);
    }
  }

  private begin(job: number): void {
    this.plan = this.plans.find((plan) => plan.job === job);
    this.open = new Set(this.plan?.partitions);
  }

  private promise(attemptId: number): void {
    const key = this.makers.get(attemptId);
    if (key === undefined) return;
    const [kind, of, partition] = key.split(/[ /]/) as [string, string, string];
    const isOpen = Number(of) !== this.plan?.job || this.open.has(Number(partition));
    if (kind === "result" ? !isOpen : this.there.has(key)) this.promised.add(key);
  }

  /** What was done and not yet promised may be forgotten, and will be told again. */
  private resume({ jobs, there }: Resumed): void {
    const restored = new Map(there.map(([key, worker]) => [key.replace("/", " "), worker]));
    const open = new Set(jobs.flatMap(({ job, open }) => open.map((at) => `result ${job}/${at}`)));
    for (const key of this.promised) {
      const isForgotten = key.startsWith("result") ? open.has(key) : !restored.has(key);
      if (isForgotten) this.violations.push(`${key} was taken for good, and is forgotten`);
    }
    this.there.clear();
    for (const [key, worker] of restored) this.there.set(key, worker);
    const [first] = jobs;
    this.begin(first?.job ?? -1);
    if (first !== undefined) this.open = new Set(first.open);
  }

  private done(told: Told): void {
    const what = told.kind === "result" ? "result" : "output";
    this.makers.set(told.attemptId, `${what} ${told.of}/${told.partition}`);
    if (told.kind === "result") this.open.delete(told.partition);
    else this.made(`output ${told.of}/${told.partition}`, told);
  }

  private made(key: string, { worker, isAgain }: Told): void {
    this.there.set(key, worker);
    if (isAgain) this.again.push(key);
    if (isAgain && !this.lost.has(key)) this.violations.push(`${key} again, though never lost`);
  }

  private lose(key: string): void {
    this.there.delete(key);
    this.promised.delete(key);
    this.lost.add(key);
  }

  private checkNeeded({ kind, of, partition, key }: Told): void {
    if (kind === "result") {
      if (!this.open.has(partition)) this.violations.push(`${key} though it was handed over`);
      return;
    }
    if (this.there.has(`output ${of}/${partition}`)) this.violations.push(`${key} is there`);
    const isWanted = [...this.open].some((wanted) => {
      return this.comesFrom(this.plan?.target ?? 0, wanted, of);
    });
    if (!isWanted) this.violations.push(`${key} though nothing missing comes from it`);
  }

  /** Whether a partition, if it is not there, is made with what is missing of a shuffle. */
  private comesFrom(id: number, partition: number, from: number): boolean {
    const holders = this.holdersBefore(id, partition);
    // A task runs on one worker, so the caches of one worker cut its lineage.
    const choices = holders.length === 0 ? [""] : holders;
    return choices.some((worker) => this.comesFromOn(worker, id, partition, from));
  }

  private comesFromOn(worker: string, id: number, partition: number, from: number): boolean {
    if (this.there.get(`cached ${id}/${partition}`) === worker) return false;
    return this.stepOf(id).parents.some((parent) => {
      if (parent.kind === "narrow") {
        const own = this.partitionBefore(parent, partition);
        return own !== undefined && this.comesFromOn(worker, parent.step, own, from);
      }
      if (parent.shuffle === from) return true;
      const { partitions } = this.stepOf(parent.step);
      return Array.from({ length: partitions }, (_, i) => i).some(
        (source) =>
          !this.there.has(`output ${parent.shuffle}/${source}`) &&
          this.comesFrom(parent.step, source, from),
      );
    });
  }

  /** Workers that have cached what a partition comes from through narrow steps. */
  private holdersBefore(id: number, partition: number): string[] {
    const own = this.there.get(`cached ${id}/${partition}`);
    const before = this.stepOf(id).parents.flatMap((parent) => {
      if (parent.kind === "wide") return [];
      const at = this.partitionBefore(parent, partition);
      return at === undefined ? [] : this.holdersBefore(parent.step, at);
    });
    return own === undefined ? before : [own, ...before];
  }

  private partitionBefore(
    { step, offset }: { step: number; offset: number },
    partition: number,
  ): number | undefined {
    const own = partition - offset;
    return own >= 0 && own < this.stepOf(step).partitions ? own : undefined;
  }

  private stepOf(id: number): PlanStep {
    return this.plan?.steps.find((step) => step.id === id) as PlanStep;
  }
}

function keyOf(lost: Told): string {
  return (lost.kind as string) === "output"
    ? `output ${lost.shuffle}/${lost.partition}`
    : `cached ${lost.step}/${lost.partition}`;
}
