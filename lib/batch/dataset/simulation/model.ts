/**
 * What the steps of a simulated lineage compute: rows are numbers, and each step changes them, so
 * that a row lost, doubled or taken from elsewhere shows in the answer.
 */
import type { PlanParent, PlanStep } from "../control/messages";

/** Rows of a partition of a step without parents. */
const sourceRows = 4;

export type SimulatedRow = number;
type Rows = readonly SimulatedRow[];

/** What a step's partition is made of. */
export interface Inputs {
  /** The rows that a parent's partitions send to this one, in the order of the parent's. */
  shuffled(parent: PlanParent & { kind: "wide" }, partition: number): Rows;
  /** Another partition, by narrow steps. */
  narrow(step: number, partition: number): Rows;
}

export type Steps = ReadonlyMap<number, PlanStep>;

/** A partition of a step, from what it is made of. */
export function rowsOf(step: PlanStep, partition: number, inputs: Inputs, steps: Steps): Rows {
  if (step.parents.length === 0) {
    return Array.from({ length: sourceRows }, (_, i) => mix(step.id * 1_009 + partition, i));
  }
  const rows = step.parents.flatMap((parent) => {
    if (parent.kind === "wide") return inputs.shuffled(parent, partition);
    const own = partition - parent.offset;
    const isThere = own >= 0 && own < (steps.get(parent.step) as PlanStep).partitions;
    return isThere ? inputs.narrow(parent.step, own) : [];
  });
  return rows.map((row) => mix(row, step.id));
}

/** The partition of a shuffle's reader that a row goes to. */
export function shareOf(row: SimulatedRow, partitions: number): number {
  return row % partitions;
}

/** A partition computed in one go, without a cluster: what every run must end with. */
export function expectedRows(steps: Steps, id: number, partition: number): Rows {
  const step = steps.get(id) as PlanStep;
  const inputs: Inputs = {
    narrow: (parent, own) => expectedRows(steps, parent, own),
    shuffled: (parent, at) => {
      const { partitions } = steps.get(parent.step) as PlanStep;
      const all = Array.from({ length: partitions }, (_, i) => expectedRows(steps, parent.step, i));
      return all.flat().filter((row) => shareOf(row, step.partitions) === at);
    },
  };
  return rowsOf(step, partition, inputs, steps);
}

function mix(left: number, right: number): number {
  let hash = Math.imul(left + 1, 0x9e3779b1) ^ Math.imul(right + 1, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 16), 0x21f0aaad);
  return (hash ^ (hash >>> 15)) >>> 0;
}
