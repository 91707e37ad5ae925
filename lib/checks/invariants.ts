/**
 * Properties of a trace: what must hold after every step, and what must happen at least once (the
 * guard against a run in which nothing happened). A property watches the steps as they come, so
 * that it judges a stored trace as well as a running host.
 *
 * Source: "always" and "sometimes" as in Stateright; L. Lamport, "Proving the correctness of
 * multiprocess programs", IEEE TSE 3(2), 1977, for safety.
 * Assumes: the trace has every step of the run. Guarantees: the step named is the first bad one.
 * Cost: one call of each watcher a step, until its verdict is known.
 */
import type { Trace, TraceStep } from "../protocol";

export interface Property {
  readonly name: string;
  /** "always": a sentence from the watcher is a violation. "sometimes": true from it is enough. */
  readonly kind: "always" | "sometimes";
  /** A fresh watcher, which may keep what it has seen. */
  readonly watch: () => (step: TraceStep, index: number) => string | boolean | undefined;
}

export type PropertyVerdict =
  | { readonly kind: "holds"; readonly name: string; readonly steps: number }
  | {
      readonly kind: "violated";
      readonly name: string;
      /** The watcher's sentence. */
      readonly why: string;
      /** The first bad step and its place in the trace, from 0; undefined for "sometimes". */
      readonly index: number | undefined;
      readonly step: TraceStep | undefined;
    };

/** `watch()` makes a function that says what is wrong with a step, or nothing. */
export function always(
  name: string,
  watch: () => (step: TraceStep, index: number) => string | undefined,
): Property {
  return { name, kind: "always", watch };
}

/** `watch()` makes a function that says whether a step is the one hoped for. */
export function sometimes(
  name: string,
  watch: () => (step: TraceStep, index: number) => boolean,
): Property {
  return { name, kind: "sometimes", watch };
}

/** A verdict for each property, in their order. */
export function checkTrace(trace: Trace, properties: readonly Property[]): PropertyVerdict[] {
  return properties.map((property) => judge(trace, property));
}

function judge(trace: Trace, { name, kind, watch }: Property): PropertyVerdict {
  const see = watch();
  for (const [index, step] of trace.entries()) {
    const said = see(step, index);
    if (kind === "sometimes" && said === true) return { kind: "holds", name, steps: index + 1 };
    if (kind === "always" && typeof said === "string") {
      return { kind: "violated", name, why: said, index, step };
    }
  }
  if (kind === "always") return { kind: "holds", name, steps: trace.length };
  const why = `it never happened in ${trace.length} steps`;
  return { kind: "violated", name, why, index: undefined, step: undefined };
}
