/**
 * A storm: an experiment that a seed decides. What befalls the system in it is a list of actions,
 * data that can be replayed, cut down and printed.
 */
import { resolve } from "path";
import { InputError } from "../../basics";
import type { Message, Trace } from "../../protocol";

/** A fault, or what else befalls the system from outside: plain data with its virtual time. */
export interface StormAction {
  readonly atMs: number;
}

export interface StormRunOptions<A extends StormAction = StormAction> {
  /** What happens, in the order of time; default: the seed draws it. */
  readonly actions?: readonly A[];
  /** Actions later than this do not happen; default: the seed's plan says how long it lasts. */
  readonly untilMs?: number;
  /** Keeps the trace; default false. */
  readonly isTraced?: boolean;
}

export interface StormFailure {
  /** Which property was broken: two failures of one property count as the same failure. */
  readonly property: string;
  readonly detail: string;
}

export interface StormVerdict<A extends StormAction = StormAction> {
  readonly failure: StormFailure | undefined;
  /** All that befell the system, in the order of time: given back to `run`, they do it again. */
  readonly actions: readonly A[];
  /** Virtual time of the end, which is the moment of the failure if there is one. */
  readonly nowMs: number;
  readonly events: number;
  /** How often each note was made. */
  readonly counts: ReadonlyMap<string, number>;
  /** Empty unless it was asked for. */
  readonly trace: Trace;
}

export interface Storm<A extends StormAction = StormAction> {
  /** What the seed drew, as plain data. */
  readonly plan: unknown;
  /** The same options give the same verdict. */
  run(options?: StormRunOptions<A>): StormVerdict<A>;
}

export interface StormDefinition<A extends StormAction = StormAction> {
  readonly name: string;
  /** The compiled file that exports this definition as `storm`: worker threads load it. */
  readonly modulePath: string;
  /** Names of variants, such as protocols with a planted bug. */
  readonly variants: readonly string[];
  /** `variant` is one of `variants`, or undefined for the protocol itself. */
  build(seed: number, variant?: string): Storm<A>;
  /** Where the rule stands that a variant breaks. */
  about?(variant: string): string;
  /** Notes that good storms make now and then: where none does, something was never tested. */
  readonly sometimes?: readonly string[];
  /** An action in words. */
  describe(action: A): string;
  /** A message in a few words, for pictures; default: its type. */
  label?(message: Message): string;
}

/** The definition that a compiled file exports as `storm`; InputError when it has none. */
export function loadStorm(modulePath: string): StormDefinition {
  const { storm } = require(resolve(modulePath)) as { storm?: StormDefinition };
  if (storm !== undefined) return storm;
  throw new InputError(`${modulePath} exports no "storm"`);
}

/** Throws an InputError for a variant that the storm does not have. */
export function checkVariant(definition: StormDefinition, variant: string | undefined): void {
  if (variant === undefined || definition.variants.includes(variant)) return;
  const known = definition.variants.join(", ") || "none";
  throw new InputError(`storm ${definition.name} has no variant "${variant}"; there are: ${known}`);
}
