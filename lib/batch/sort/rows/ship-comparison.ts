/** Sends a comparison to a thread as the source text of its function, as MapReduce does. */
import { receiveFunctions, shipFunctions } from "../../../basics/ship-functions";
import type { ComparedShape } from "../shape";

/** Negative when the left line comes first, as for Array.sort. */
export type LineComparison = (left: string, right: string) => number;

/**
 * A shape that sorts lines by the function. What it uses from outside must be in `scope`, plain
 * data or functions; throws InputError that names what is not there.
 */
export function shipComparison(
  compare: LineComparison,
  scope: Readonly<Record<string, unknown>> = {},
): ComparedShape {
  return { kind: "compared", ...shipFunctions({ compare }, scope, { receiver: "the options" }) };
}

export function receiveComparison(shape: ComparedShape): LineComparison {
  return receiveFunctions(shape).compare as unknown as LineComparison;
}
