/**
 * What has to be computed for a job, from its lineage and from what is still there: the missing
 * partitions that the wanted ones come from, and none else. Pure functions of plain data.
 *
 * Source: M. Zaharia et al., "Resilient Distributed Datasets", NSDI 2012, section 5.1: a stage ends
 * at a shuffle or at "any already computed partitions that can short-circuit the computation of a
 * parent RDD"; what is missing is computed again for the partitions that are missing.
 * Cost: O(partitions of the lineage that are not cut off by what is there).
 */
import type { NodeId } from "../../../protocol";
import type { JobPlan, PartitionRef, PlanStep, ShuffleInput } from "./messages";

/** Where what was computed before lies. */
export interface Holdings {
  /** By shuffle and the parent's partition, the worker whose disk has the output. */
  readonly shuffles: Map<number, Map<number, NodeId>>;
  /** By step and partition, the worker that has it in its cache. */
  readonly cached: Map<number, Map<number, NodeId>>;
}

/** A task that is missing. */
export interface Need extends PartitionRef {
  /** "shuffle 3/7" or "result 1/0": the shuffle or job, and the partition. */
  readonly key: string;
  readonly kind: "shuffle" | "result";
  readonly of: number;
  /** All that it reads is there. */
  readonly isReady: boolean;
  /** Has what it begins with in its cache. */
  readonly preferred?: NodeId;
}

/** Where one partition begins, through narrow steps alone. */
export interface Origin {
  /** Shuffles that it reads. */
  readonly shuffles: readonly number[];
  readonly preferred?: NodeId;
}

type Steps = ReadonlyMap<number, PlanStep>;

export function stepsOf(plan: JobPlan): Steps {
  return new Map(plan.steps.map((step) => [step.id, step]));
}

export function taskKey(kind: Need["kind"], of: number, partition: number): string {
  return `${kind} ${of}/${partition}`;
}

/** The tasks that are missing for these partitions of the target; ancestors come first. */
export function needsOf(plan: JobPlan, open: readonly number[], holdings: Holdings): Need[] {
  return new Demand(plan, holdings).needs(open);
}

/**
 * Where a partition begins for a worker: cut at what is in its cache. Without a worker, for the one
 * whose cache has the first cached partition on the way.
 */
export function originOf(
  { step, partition }: PartitionRef,
  { steps, holdings, worker }: { steps: Steps; holdings: Holdings; worker?: NodeId },
): Origin {
  const shuffles = new Set<number>();
  const seen = new Set<string>();
  let preferred = worker;
  const visit = (id: number, at: number): void => {
    if (seen.size === seen.add(`${id}/${at}`).size) return;
    const holder = holdings.cached.get(id)?.get(at);
    preferred ??= holder;
    if (holder !== undefined && holder === preferred) return;
    for (const parent of (steps.get(id) as PlanStep).parents) {
      if (parent.kind === "wide") shuffles.add(parent.shuffle);
      else if (hasPartition(steps, parent, at)) visit(parent.step, at - parent.offset);
    }
  };
  visit(step, partition);
  return { shuffles: [...shuffles], preferred };
}

function hasPartition(
  steps: Steps,
  { step, offset }: { step: number; offset: number },
  partition: number,
): boolean {
  const own = partition - offset;
  return own >= 0 && own < (steps.get(step) as PlanStep).partitions;
}

/** The inputs of a task that reads these shuffles; undefined when one is not whole. */
export function inputsOf(
  shuffles: readonly number[],
  { steps, holdings }: { steps: Steps; holdings: Holdings },
): ShuffleInput[] | undefined {
  const inputs: ShuffleInput[] = [];
  for (const shuffle of shuffles) {
    const held = holdings.shuffles.get(shuffle) ?? new Map<number, NodeId>();
    const total = sourceOf(steps, shuffle).partitions;
    if (held.size < total) return undefined;
    inputs.push({ shuffle, workers: Array.from({ length: total }, (_, i) => held.get(i) ?? "") });
  }
  return inputs;
}

/** The step whose partitions a shuffle shares out. */
function sourceOf(steps: Steps, shuffle: number): PlanStep {
  for (const { parents } of steps.values()) {
    for (const parent of parents) {
      if (parent.kind !== "wide" || parent.shuffle !== shuffle) continue;
      return steps.get(parent.step) as PlanStep;
    }
  }
  throw new RangeError(`no step of the job reads shuffle ${shuffle}`);
}

class Demand {
  private readonly steps: Steps;
  private readonly found: Need[] = [];
  /** Whether a shuffle that was visited is whole. */
  private readonly isWhole = new Map<number, boolean>();

  constructor(
    private readonly plan: JobPlan,
    private readonly holdings: Holdings,
  ) {
    this.steps = stepsOf(plan);
  }

  needs(open: readonly number[]): Need[] {
    const { job, target } = this.plan;
    for (const partition of open) this.need("result", job, { step: target, partition });
    return this.found;
  }

  private need(kind: Need["kind"], of: number, { step, partition }: PartitionRef): void {
    const { shuffles, preferred } = originOf(
      { step, partition },
      { steps: this.steps, holdings: this.holdings },
    );
    const missing = shuffles.filter((shuffle) => !this.visitShuffle(shuffle));
    const key = taskKey(kind, of, partition);
    const isReady = missing.length === 0;
    this.found.push({ key, kind, of, step, partition, isReady, preferred });
  }

  private visitShuffle(shuffle: number): boolean {
    const known = this.isWhole.get(shuffle);
    if (known !== undefined) return known;
    const source = sourceOf(this.steps, shuffle);
    const held = this.holdings.shuffles.get(shuffle);
    this.isWhole.set(shuffle, held?.size === source.partitions);
    for (let partition = 0; partition < source.partitions; partition++) {
      if (held?.has(partition) !== true) {
        this.need("shuffle", shuffle, { step: source.id, partition });
      }
    }
    return held?.size === source.partitions;
  }
}
