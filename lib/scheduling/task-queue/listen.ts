/** Calls back when the signal aborts, at once if it has; returns what stops listening. */
export function listen(
  signal: AbortSignal | undefined,
  onAbort: (reason: unknown) => void,
): (() => void) | undefined {
  if (signal === undefined) return undefined;
  const listener = (): void => onAbort(signal.reason);
  if (signal.aborted) listener();
  else signal.addEventListener("abort", listener, { once: true });
  return () => signal.removeEventListener("abort", listener);
}
