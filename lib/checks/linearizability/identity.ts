/**
 * A string or number that is equal for equal values: numbers stand for themselves, all else for a
 * text of JSON with sorted keys, where Map and Set are told by their entries. Missing (undefined)
 * and null are one. Throws RangeError for a function or symbol, which have no content to compare.
 */
export function identityOf(value: unknown): string | number {
  return typeof value === "number" && !Object.is(value, -0) ? value : textOf(value);
}

export function isSame(left: unknown, right: unknown): boolean {
  return left === right || identityOf(left) === identityOf(right);
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return "null";
  if (typeof value === "function" || typeof value === "symbol") {
    throw new RangeError(`a ${typeof value} cannot be part of a state or value: use plain data`);
  }
  if (typeof value === "number") return String(value === 0 ? 0 : value);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(textOf).join(",")}]`;
  if (value instanceof Set) return `Set{${[...value].map(textOf).sort().join(",")}}`;
  const entries: [unknown, unknown][] =
    value instanceof Map ? [...value] : Object.entries(value).filter(([, v]) => v !== undefined);
  const inner = entries.map(([key, item]) => `${textOf(key)}:${textOf(item)}`).sort();
  return `${value instanceof Map ? "Map" : ""}{${inner.join(",")}}`;
}
