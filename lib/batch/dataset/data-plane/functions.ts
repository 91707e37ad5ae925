/** The functions of steps on this side: made once from their text, with what their scope holds. */
import { InputError } from "../../../basics";
import { loadExport, receiveFunctions } from "../../../basics/ship-functions";
import type { ShippedFunction } from "../steps";

/** A user's function threw: it would do so again. */
export class FunctionError extends InputError {}

type Call = (...values: unknown[]) => unknown;

/** By accumulator, what the step added. */
type Sums = Map<number, number>;

export class CallOf {
  private readonly calls = new Map<ShippedFunction, Call>();
  /** Of the partition that each step is computing. */
  private readonly sums = new Map<number, Sums>();

  constructor(private readonly broadcasts: ReadonlyMap<number, unknown>) {}

  /** A partition of the step begins. */
  begin(step: number): ReadonlyMap<number, number> {
    const sums: Sums = new Map();
    this.sums.set(step, sums);
    return sums;
  }

  /** The function; made anew for each step that has it. */
  get(shipped: ShippedFunction, step: number): Call {
    const known = this.calls.get(shipped);
    if (known !== undefined) return known;
    const call = this.make(shipped, step);
    this.calls.set(shipped, call);
    return call;
  }

  private make(shipped: ShippedFunction, step: number): Call {
    if (shipped.kind === "module") {
      const found = loadExport(shipped, "function");
      if (typeof found === "function") return found as Call;
      throw new InputError(`${shipped.exportName} of ${shipped.file} is no function`);
    }
    const own: Record<string, unknown> = {};
    for (const [name, id] of Object.entries(shipped.refs.broadcasts)) {
      own[name] = { value: this.broadcasts.get(id) };
    }
    for (const [name, id] of Object.entries(shipped.refs.accumulators)) {
      own[name] = { add: (by: number) => this.add(step, id, by) };
    }
    return Object.values(receiveFunctions(shipped, own))[0] as Call;
  }

  private add(step: number, accumulator: number, by = 1): void {
    const sums = this.sums.get(step) as Sums;
    sums.set(accumulator, (sums.get(accumulator) ?? 0) + by);
  }
}
