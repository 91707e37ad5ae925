/**
 * A function that the control thread has called in the middle of whatever the main thread runs, by
 * the inspector's Runtime.evaluate. It tells from the stack what that is. The main thread is held
 * until the control thread has asked for the end of just that: a request that came a moment later
 * would cut off something else.
 */
import { join, sep } from "path";
import { isCellFile } from "./cell-error";
import { phases } from "./phase";
import type { Phase, SharedPhase } from "./phase";

const name = "dabbawala.kernelProbe";

/** JavaScript that calls the probe. */
export const probeExpression = `globalThis[Symbol.for("${name}")]()`;

export function installProbe(shared: SharedPhase): void {
  const probe = (): void => shared.answerAndHold(phaseOf(filesOnStack()));
  (globalThis as unknown as Record<symbol, () => void>)[Symbol.for(name)] = probe;
}

/** On every stack of the probe: `filesOnStack`, the probe, the expression. */
const ownFrames = 3;
/** Below every timer and event of a cell, it says nothing about what they run. */
const wrapper = join(__dirname, "left-behind.js");
const tslabFile = /[\\/]node_modules[\\/]@?tslab[\\/]/;

/** What runs, from the files of the stack's frames. */
function phaseOf(files: readonly string[]): Phase {
  if (files.length <= ownFrames) return phases.idle;
  const frames = files.slice(ownFrames).filter((file) => file !== wrapper);
  const isKernel = frames.some(isKernelFile) && !frames.some(isCellFile);
  return isKernel ? phases.kernel : phases.cell;
}

function isKernelFile(file: string): boolean {
  return file.startsWith(__dirname + sep) || tslabFile.test(file);
}

/** The file of each frame on the stack, but not of the functions that wait for it. */
function filesOnStack(): string[] {
  const { stackTraceLimit, prepareStackTrace } = Error;
  Error.stackTraceLimit = Infinity;
  Error.prepareStackTrace = (_error, frames) =>
    frames.filter((frame) => !frame.isAsync()).map((frame) => frame.getFileName() ?? "");
  const files = new Error().stack as unknown as string[];
  Error.stackTraceLimit = stackTraceLimit;
  // Undefined when nobody has set it: then this takes ours away again.
  Error.prepareStackTrace = prepareStackTrace as NonNullable<typeof prepareStackTrace>;
  return files;
}
