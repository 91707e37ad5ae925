import { inspect } from "util";

/** A value with this method is shown as what it returns: MIME type to value. */
export const mimeBundleSymbol = Symbol.for("dabbawala.mimeBundle");

/** The forms in which a value is shown; `text/plain` is always among them. */
export async function mimeBundle(value: unknown): Promise<Record<string, unknown>> {
  const text = inspect(value, { depth: 4, maxArrayLength: 100, breakLength: 88 });
  if (typeof value !== "object" || value === null) return { "text/plain": text };
  const method = (value as Record<symbol, unknown>)[mimeBundleSymbol];
  if (typeof method !== "function") return { "text/plain": text };
  return { "text/plain": text, ...((await method.call(value)) as Record<string, unknown>) };
}
