/**
 * A function that the control thread has called in the middle of whatever the main thread runs, by
 * the inspector's Runtime.evaluate. The main thread is held until the control thread has asked for
 * the end of just that: a request that came a moment later would cut off something else.
 */
import { phases } from "./phase";
import type { SharedPhase } from "./phase";

const name = "dabbawala.kernelProbe";

/** JavaScript that calls the probe. */
export const probeExpression = `globalThis[Symbol.for("${name}")]()`;

export function installProbe(shared: SharedPhase): void {
  const probe = (): void => shared.answerAndHold(isIdle() ? phases.idle : shared.phase);
  (globalThis as unknown as Record<symbol, () => void>)[Symbol.for(name)] = probe;
}

/** Whether the stack holds nothing but the probe: this function, the probe, the expression. */
function isIdle(): boolean {
  const ownFrames = 3;
  const { stackTraceLimit, prepareStackTrace } = Error;
  Error.stackTraceLimit = ownFrames + 1;
  Error.prepareStackTrace = (_error, frames) => frames.length;
  const depth = new Error().stack as unknown as number;
  Error.stackTraceLimit = stackTraceLimit;
  // Undefined when nobody has set it: then this takes ours away again.
  Error.prepareStackTrace = prepareStackTrace as NonNullable<typeof prepareStackTrace>;
  return depth <= ownFrames;
}
