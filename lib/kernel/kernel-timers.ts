/** The timers as they were before cells' timers came to be watched: an interrupt spares these. */
export const kernelTimers = {
  setTimeout: globalThis.setTimeout,
  setImmediate: globalThis.setImmediate,
};

/** Resolves after that many milliseconds. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => kernelTimers.setTimeout(resolve, ms));
}

/** Rejections that nobody handles are known one turn after the code has ended. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => kernelTimers.setImmediate(resolve));
}
