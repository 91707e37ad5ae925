/** Sends a comparison to a thread as the source text of its function, as MapReduce does. */
import { InputError } from "../../../basics";
import { freeNames } from "../../map-reduce/free-names";
import type { ComparedShape } from "../shape";

/** Negative when the left line comes first, as for Array.sort. */
export type LineComparison = (left: string, right: string) => number;

/**
 * A shape that sorts lines by the function. What it uses from outside must be plain data in
 * `scope`; throws InputError that names what is not there.
 */
export function shipComparison(
  compare: LineComparison,
  scope: Readonly<Record<string, unknown>> = {},
): ComparedShape {
  const written = String(compare);
  const isExpression = /^(function\b|\(|[\w$]+\s*=>)/.test(written);
  const source = isExpression ? written : `function ${written}`;
  const captured = freeNames(source, "compare").filter((name) => !(name in scope));
  if (captured.length > 0) {
    const list = captured.join(", ");
    throw new InputError(
      `compare uses ${list} from outside, which cannot travel to a thread: ` +
        `add it to the options, as scope: { ${list} }, or define it inside compare`,
    );
  }
  const scopeNames = Object.keys(scope);
  const scopeValues = scopeNames.map((name) => cloneable(name, scope[name]));
  return { kind: "compared", source, scopeNames, scopeValues };
}

function cloneable(name: string, value: unknown): unknown {
  try {
    return structuredClone(value);
  } catch {
    throw new InputError(`scope.${name} cannot travel to a thread: make it plain data`);
  }
}

export function receiveComparison({
  source,
  scopeNames,
  scopeValues,
}: ComparedShape): LineComparison {
  const build = new Function(...scopeNames, `"use strict"; return (${source});`);
  return build(...scopeValues) as LineComparison;
}
