/** What clients of replicated machines note, so that checks can read it. */
type Operation = { readonly command: unknown } | { readonly query: unknown };

/** As histories have it: { op: "cas", key, from, to } is cas of that key with [from, to]. */
export function callOf(operation: Operation): { f: string; key?: string; value?: unknown } {
  const body = "command" in operation ? operation.command : operation.query;
  const { op, key, ...rest } = (body ?? {}) as { op?: string; key?: string };
  const { value, from, to } = rest as { value?: unknown; from?: unknown; to?: unknown };
  if (key === undefined) return { f: `${op}`, value: rest };
  return { f: `${op}`, key, value: op === "cas" ? [from, to] : value };
}
