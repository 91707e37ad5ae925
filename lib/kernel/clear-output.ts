/** How code in a cell reaches the kernel that runs it, whichever copy of this module it loaded. */
export const publishSymbol = Symbol.for("dabbawala.kernelPublish");

export type Publish = (type: string, content: unknown) => void;

/**
 * Clears the output of the cell in work. With `wait`, only when new output comes, which avoids
 * flicker (default false). Outside a repaired kernel it does nothing.
 */
export function clearOutput(wait = false): void {
  const publish = (globalThis as unknown as Record<symbol, Publish | undefined>)[publishSymbol];
  publish?.("clear_output", { wait });
}
