/**
 * Whether a value is what its JSON text says, no more and no less, so that all who agree on the
 * text agree on the value. JSON writes null for Infinity and NaN, which a text like 1e400 becomes
 * when it is read, and 0 for -0; nested deeper than the stack it cannot be written at all.
 */

/** Lists and records in each other, at most. */
const maxDepth = 100;

/** True for JSON at most 100 deep. A field that is undefined counts as missing. */
export function isPlainJson(value: unknown, depth = 0): boolean {
  if (value === null || typeof value === "string" || typeof value === "boolean") return true;
  if (typeof value === "number") return Number.isFinite(value) && !Object.is(value, -0);
  if (typeof value !== "object" || depth >= maxDepth) return false;
  if (Array.isArray(value)) return Array.from(value).every((item) => isPlainJson(item, depth + 1));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) return false;
  return Object.values(value).every((item) => item === undefined || isPlainJson(item, depth + 1));
}
