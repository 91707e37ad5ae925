/** Runs a user's function; what it throws is told with the step and the partition. */
import { FunctionError } from "./functions";
import type { Part } from "./part";

export function guarded<T>({ step, partition }: Part, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof FunctionError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new FunctionError(`${step.name}, partition ${partition}: ${reason}`);
  }
}
