/**
 * Runs the same simulation twice and compares: a node that looks at a clock, draws its own chance,
 * or shares memory with another one is found out, because the second run differs.
 *
 * Source: the determinism check of madsim. In the second run messages also go through JSON, so that
 * a message that is not plain JSON is found too.
 */
import { traceText } from "../../protocol";
import type { Message, TraceStep } from "../../protocol";
import type { RunLimits, SimulatorOptions } from "./options";
import { Simulator } from "./simulator";

export type Comparison =
  | { readonly kind: "same"; readonly steps: number; readonly traceText: string }
  | {
      readonly kind: "different";
      /** The first step that differs, by its index, as both runs have it. */
      readonly step: number;
      readonly first: TraceStep | undefined;
      readonly second: TraceStep | undefined;
    };

/** `setUp` adds the nodes and the faults; it must do the same both times. */
export function playTwice<M extends Message, T>(
  options: SimulatorOptions<M, T>,
  setUp: (simulator: Simulator<M, T>) => void,
  limits: RunLimits,
): Comparison {
  const play = (passing: "frozen" | "json"): Simulator<M, T> => {
    const simulator = new Simulator<M, T>({ ...options, isTraced: true, passing });
    setUp(simulator);
    simulator.run(limits);
    return simulator;
  };
  const [first, second] = [play("frozen").trace, play("json").trace] as const;
  const length = Math.max(first.length, second.length);
  for (let step = 0; step < length; step++) {
    if (JSON.stringify(first[step]) === JSON.stringify(second[step])) continue;
    return { kind: "different", step, first: first[step], second: second[step] };
  }
  return { kind: "same", steps: length, traceText: traceText(first) };
}
