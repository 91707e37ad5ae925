/** A vertex program on its way to a worker thread: its module's name, or its functions' text. */
import { loadExport, receiveFunctions, shipFunctions } from "../../../basics/ship-functions";
import type { ShippedFunctions } from "../../../basics/ship-functions";
import type { Aggregator, VertexProgram } from "../program";

export type ShippedProgram =
  | { readonly kind: "module"; readonly file: string; readonly exportName: string }
  | {
      readonly kind: "source";
      readonly parts: ShippedFunctions;
      /** The initial value of each aggregator; its function travels as `add NAME`. */
      readonly initial: Readonly<Record<string, number>>;
    };

/** Throws InputError that names what the functions use and `scope` lacks. */
export function shipProgram(program: VertexProgram): ShippedProgram {
  if (program.module !== undefined) return { kind: "module", ...program.module };
  const { initial, compute, combine, aggregators = {}, scope } = program;
  const adds = Object.entries(aggregators).map(([name, { add }]) => [adder(name), add]);
  const named = { initial, compute, combine, ...(Object.fromEntries(adds) as object) };
  const parts = shipFunctions(named, scope, { receiver: "the program" });
  const starts = Object.entries(aggregators).map(([name, one]) => [name, one.initial]);
  return { kind: "source", parts, initial: Object.fromEntries(starts) as Record<string, number> };
}

export function receiveProgram(shipped: ShippedProgram): VertexProgram {
  if (shipped.kind === "module") return loadExport(shipped, "vertex program") as VertexProgram;
  const functions = receiveFunctions(shipped.parts) as unknown as VertexProgram &
    Record<string, Aggregator["add"]>;
  const aggregators = Object.entries(shipped.initial).map(([name, initial]) => {
    return [name, { initial, add: functions[`add ${name}`] }] as const;
  });
  return { ...functions, aggregators: Object.fromEntries(aggregators) };
}

/** A name that is a key of an object literal as it is. */
function adder(name: string): string {
  return JSON.stringify(`add ${name}`);
}
