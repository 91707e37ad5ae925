/** The lineage of a data set on the side of its user: how each step comes from others. */
import { shipFunctions } from "../../basics/ship-functions";
import { InputError } from "../../basics";
import type { FunctionOptions, FunctionOrModule } from "./options";
import { Accumulator, Broadcast } from "./variables";
import type { JobPlan, PlanParent, PlanStep } from "./control/messages";
import type { Operator, ShippedFunction, ShippedStep, Sharing } from "./steps";

/** A step, with the steps that it comes from. Never changed, but for what a job finds out. */
export interface Lineage {
  readonly id: number;
  readonly name: string;
  readonly partitions: number;
  readonly parents: readonly LineageParent[];
  readonly operator: Operator;
  readonly cache?: "spill" | "drop";
  /** Its rows are pairs, of which those of one key are in one partition, by the key's hash. */
  readonly isByKey?: boolean;
  /** Of sortBy: what has to be known before it can run, found by a job of its own. */
  readonly bounds?: { isKnown: boolean };
}

export type LineageParent =
  | { readonly kind: "narrow"; readonly of: Lineage; readonly offset: number }
  | {
      readonly kind: "wide";
      readonly of: Lineage;
      readonly shuffle: number;
      readonly sharing: Sharing;
    };

/** The function as it travels. Throws InputError when it uses what its scope lacks. */
export function shipCall(
  written: FunctionOrModule<(...values: never[]) => unknown>,
  { scope = {} }: FunctionOptions = {},
  { step, canAdd = true }: { step: string; canAdd?: boolean },
): ShippedFunction {
  if (typeof written === "object") return { kind: "module", ...written };
  if (typeof written !== "function") throw new InputError(`${step} needs a function`);
  const broadcasts: Record<string, number> = {};
  const accumulators: Record<string, number> = {};
  const plain: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(scope)) {
    if (value instanceof Broadcast) broadcasts[name] = value.id;
    else if (value instanceof Accumulator) accumulators[name] = value.id;
    else plain[name] = value;
  }
  if (!canAdd && Object.keys(accumulators).length > 0) {
    throw new InputError(`${step} may run more than once a row, so it cannot use accumulators`);
  }
  const own = [...Object.keys(broadcasts), ...Object.keys(accumulators)];
  const shipped = shipFunctions({ [step]: written }, plain, {
    own,
    receiver: "the step's options",
  });
  return { kind: "source", refs: { broadcasts, accumulators }, ...shipped };
}

/** The step and all that it comes from, each once; parents come first. */
export function ancestry(target: Lineage): Lineage[] {
  const found = new Set<Lineage>();
  const visit = (lineage: Lineage): void => {
    if (found.has(lineage)) return;
    for (const { of } of lineage.parents) visit(of);
    found.add(lineage);
  };
  visit(target);
  return [...found];
}

export function planOf(job: number, target: Lineage, partitions: readonly number[]): JobPlan {
  const steps = ancestry(target).map((lineage): PlanStep => {
    const { id, name, partitions, cache } = lineage;
    return { id, name, partitions, parents: planParents(lineage), isCached: cache !== undefined };
  });
  return { job, target: target.id, partitions, steps };
}

function planParents({ parents }: Lineage): PlanParent[] {
  return parents.map((parent) =>
    parent.kind === "wide"
      ? { kind: "wide", step: parent.of.id, shuffle: parent.shuffle }
      : { kind: "narrow", step: parent.of.id, offset: parent.offset },
  );
}

export function shipStep(lineage: Lineage): ShippedStep {
  const { id, name, partitions, operator, cache } = lineage;
  const sharings: Record<number, Sharing> = {};
  for (const parent of lineage.parents) {
    if (parent.kind === "wide") sharings[parent.shuffle] = parent.sharing;
  }
  return { id, name, partitions, parents: planParents(lineage), operator, cache, sharings };
}

/** The numbers of the broadcasts that a step's functions use. */
export function broadcastsOf(step: ShippedStep): number[] {
  return functionsOf(step).flatMap((shipped) =>
    shipped.kind === "source" ? Object.values(shipped.refs.broadcasts) : [],
  );
}

/** A thread that has loaded a module keeps it, though the file may change. */
export function usesModule(step: ShippedStep): boolean {
  return functionsOf(step).some(({ kind }) => kind === "module");
}

export function functionsOf({ operator, sharings }: ShippedStep): ShippedFunction[] {
  const holders = [operator, ...Object.values(sharings)] as readonly object[];
  return holders.flatMap((holder) => Object.values(holder).filter(isShippedFunction));
}

function isShippedFunction(part: unknown): part is ShippedFunction {
  return typeof part === "object" && part !== null && ("refs" in part || "exportName" in part);
}
