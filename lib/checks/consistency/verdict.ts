import type { Operation } from "../../protocol";
import type { Access } from "./accesses";
import type { Edge } from "./relation";

export type ConsistencyVerdict =
  | { readonly kind: "holds"; readonly level: string; readonly operations: number }
  | {
      readonly kind: "violated";
      readonly level: string;
      /** What was found, in one sentence. */
      readonly why: string;
      /** The operations of the evidence, in order of their calls. */
      readonly offending: readonly Operation[];
    };

/** "violated" by a read of a value that nobody wrote. */
export function thinAirVerdict(level: string, read: Operation): ConsistencyVerdict {
  const why = `${describe(read)} saw a value that nobody wrote`;
  return { kind: "violated", level, why, offending: [read] };
}

/** "violated" by a cycle: each of its accesses would have to come before the next. */
export function cycleVerdict(level: string, cycle: readonly Edge[]): ConsistencyVerdict {
  const steps = cycle.map((edge) => {
    return `${name(edge.from)} before ${name(edge.to)} (${reasonOf(edge)})`;
  });
  const involved = cycle.flatMap(({ from, to, by }) => [from, to, ...(by ? [by] : [])]);
  const operations = involved.flatMap(({ operation }) => (operation ? [operation] : []));
  return {
    kind: "violated",
    level,
    why: `each would have to come before the next, in a circle: ${steps.join("; ")}`,
    offending: [...new Set(operations)].sort((left, right) => left.call - right.call),
  };
}

function reasonOf({ reason, by }: Edge): string {
  return by === undefined ? reason : `${name(by)} did not see it, though it had to`;
}

function name({ operation, key }: Access): string {
  return operation === undefined ? `the initial value of ${key || "it"}` : describe(operation);
}

/** "process 3's write x 4". */
export function describe({ process, f, key, input, output }: Operation): string {
  const value = f === "read" || f === "get" ? ` -> ${JSON.stringify(output)}` : "";
  const argument = value === "" ? ` ${JSON.stringify(input)}` : value;
  return `process ${process}'s ${f}${key === undefined ? "" : ` ${key}`}${argument}`;
}
