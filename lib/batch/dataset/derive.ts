/** Makes the lineage of a step from that of its parents. */
import { wholeInRange } from "../../basics";
import type { Jobs } from "./jobs";
import { shipCall } from "./lineage";
import type { Lineage, LineageParent } from "./lineage";
import type { FunctionOptions, FunctionOrModule, WideOptions } from "./options";
import type { NarrowOperator, ShippedFunction, Sharing, WideOperator } from "./steps";

type Called = Extract<NarrowOperator, { call: ShippedFunction }>["kind"];

/** A step with a function. `isByKey`: rows stay where their keys belong. */
export function narrow(
  jobs: Jobs,
  parent: Lineage,
  {
    kind,
    call,
    options,
    isByKey,
  }: {
    kind: Called;
    call: FunctionOrModule<(...values: never[]) => unknown>;
    options?: FunctionOptions;
    isByKey?: boolean;
  },
): Lineage {
  const operator = { kind, call: shipCall(call, options, { step: kind }) };
  return sameParts(jobs, parent, { name: kind, operator, isByKey });
}

/** A step of the parent's partitions, one to one. */
export function sameParts(
  jobs: Jobs,
  parent: Lineage,
  shape: Pick<Lineage, "name" | "operator" | "isByKey" | "cache">,
): Lineage {
  const parents = [{ kind: "narrow", of: parent, offset: 0 }] as const;
  return { id: jobs.nextId(), partitions: parent.partitions, parents, ...shape };
}

export function unionOf(jobs: Jobs, left: Lineage, right: Lineage): Lineage {
  const parents = [
    { kind: "narrow", of: left, offset: 0 },
    { kind: "narrow", of: right, offset: left.partitions },
  ] as const;
  const partitions = left.partitions + right.partitions;
  return { id: jobs.nextId(), name: "union", partitions, parents, operator: { kind: "union" } };
}

/** A step that reads one shuffle. */
export function wide(
  jobs: Jobs,
  parent: Lineage,
  {
    name,
    operator,
    sharing,
    options,
  }: {
    name: string;
    operator: WideOperator;
    sharing: Sharing;
    options: WideOptions;
  },
): Lineage {
  const partitions = partitionsOf(jobs, [parent], options);
  const parents = [{ kind: "wide", of: parent, shuffle: jobs.nextId(), sharing }] as const;
  const bounds = sharing.kind === "byRange" ? { isKnown: false } : undefined;
  return { id: jobs.nextId(), name, partitions, parents, operator, bounds };
}

/**
 * A step that brings the values of a key together, of one parent or two. A parent that is shared
 * out by key into as many partitions already is read as it is. Source: Zaharia et al. 2012, section
 * 4, "join": "either two narrow dependencies (if they are both hash/range partitioned with the same
 * partitioner), two wide dependencies, or a mix".
 */
export function byKey(
  jobs: Jobs,
  parents: readonly Lineage[],
  {
    operator,
    options,
    combine,
  }: {
    operator: WideOperator;
    options: WideOptions;
    combine?: ShippedFunction;
  },
): Lineage {
  const partitions = partitionsOf(jobs, parents, options);
  const links = parents.map((of): LineageParent => {
    if (of.isByKey === true && of.partitions === partitions) {
      return { kind: "narrow", of, offset: 0 };
    }
    return { kind: "wide", of, shuffle: jobs.nextId(), sharing: { kind: "byKey", combine } };
  });
  const name = operator.kind;
  return { id: jobs.nextId(), name, partitions, parents: links, operator, isByKey: true };
}

function partitionsOf(
  jobs: Jobs,
  parents: readonly Lineage[],
  { partitions }: WideOptions,
): number {
  if (partitions !== undefined) {
    return wholeInRange("partitions", partitions, { min: 1, max: 4_096 });
  }
  const shared = parents.filter(({ isByKey }) => isByKey).map((parent) => parent.partitions);
  if (shared.length > 0) return Math.max(...shared);
  const most = Math.max(1, ...parents.map((parent) => parent.partitions));
  return Math.min(most, 2 * jobs.workers);
}
