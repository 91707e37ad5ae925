/**
 * Computes a partition of a step from its lineage: from the cache, or by its operator from its
 * parents. Rows flow in batches, pushed from the source on; no step's rows are held unless it must.
 *
 * Source: Zaharia et al. 2012, section 4: narrow dependencies are "pipelined execution on one
 * cluster node".
 */
import type { Addition, DatasetTask, PartitionRef } from "../control/messages";
import type { Operator, ShippedStep } from "../steps";
import { isSource, readSource } from "./sources";
import { runNarrow } from "./narrow";
import type { Computing, Push, Workshop } from "./part";
import { runWide } from "./wide";

export class Evaluation implements Computing {
  readonly additions: Addition[] = [];
  readonly cached: PartitionRef[] = [];

  constructor(
    readonly workshop: Workshop,
    readonly task: DatasetTask,
    readonly onProgress: (fraction: number) => void,
  ) {}

  /** Pushes all rows of the partition, or as many as are wanted. */
  async produce(id: number, partition: number, push: Push): Promise<void> {
    const step = this.step(id);
    if (step.cache === undefined) return this.compute(step, partition, push);
    const { cache } = this.workshop;
    const held = cache.get(id, partition);
    if (held !== undefined) {
      this.additions.push(...held.additions);
      return void push(held.rows);
    }
    const rows: unknown[] = [];
    const before = this.additions.length;
    await this.compute(step, partition, (batch) => {
      for (const row of batch) rows.push(row);
      return true;
    });
    const additions = this.additions.slice(before);
    cache.put({ step: id, partition }, { rows, additions }, step.cache);
    this.cached.push({ step: id, partition });
    push(rows);
  }

  /** Pushes the rows of the parent's partition that this partition comes from, if there is one. */
  async produceParent(
    { parents }: ShippedStep,
    { index, partition, push }: { index: number; partition: number; push: Push },
  ): Promise<void> {
    const parent = parents[index];
    if (parent?.kind !== "narrow") return;
    const own = partition - parent.offset;
    if (own < 0 || own >= this.step(parent.step).partitions) return;
    return this.produce(parent.step, own, push);
  }

  step(id: number): ShippedStep {
    const step = this.workshop.steps.get(id);
    if (step === undefined) throw new Error(`step ${id} was never told to this worker`);
    return step;
  }

  private async compute(step: ShippedStep, partition: number, push: Push): Promise<void> {
    const sums = this.workshop.callOf.begin(step.id);
    let isWhole = true;
    await this.operate(step, partition, (rows) => {
      const isWanted = push(rows);
      if (!isWanted) isWhole = false;
      return isWanted;
    });
    if (!isWhole) return;
    for (const [accumulator, sum] of sums) {
      this.additions.push({ accumulator, step: step.id, partition, sum });
    }
  }

  private operate(step: ShippedStep, partition: number, push: Push): Promise<void> {
    const operator: Operator = step.operator;
    if (isSource(operator))
      return readSource(operator, { step, partition, push, evaluation: this });
    switch (operator.kind) {
      case "map":
      case "filter":
      case "flatMap":
      case "keyBy":
      case "mapValues":
      case "mapPartitions":
      case "sample":
      case "union":
        return runNarrow(operator, { step, partition, push, evaluation: this });
      default:
        return runWide(operator, { step, partition, push, evaluation: this });
    }
  }
}
