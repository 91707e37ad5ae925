/** Divide and conquer whose parts are whole numbers, so that they fit into a shared deque. */
import { InputError } from "../../basics";

/**
 * Runs one part, and calls `spawn` for those that it splits into; what it returns is summed up over
 * all parts. Parts are whole numbers from 0 to 2^31 - 1 in which everything is written.
 */
export interface StealingProgram {
  readonly root: number;
  run(part: number, spawn: (part: number) => void): number;
}

/** Makes the program from plain data, in every thread; shared memory may be among the data. */
export type MakeProgram<O> = (options: O) => StealingProgram;

/** Where threads find the function that makes the program: `{ module, exportName, options }`. */
export interface ProgramReference {
  /** As `require` takes it: a package, or the whole path of a compiled file. */
  readonly module: string;
  readonly exportName: string;
  readonly options: unknown;
}

/** InputError that names the module and the export if there is no such function. */
export function loadProgram({ module, exportName, options }: ProgramReference): StealingProgram {
  let exported: Record<string, unknown>;
  try {
    exported = require(module) as Record<string, unknown>;
  } catch (error) {
    throw new InputError(`${module} cannot be loaded: ${(error as Error).message.split("\n")[0]}`);
  }
  const make = exported[exportName];
  if (typeof make === "function") return (make as MakeProgram<unknown>)(options);
  throw new InputError(`${module} exports no function "${exportName}".`);
}
