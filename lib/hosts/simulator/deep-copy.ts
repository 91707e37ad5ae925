/**
 * A copy in depth of a node's or the simulator's own state: what structuredClone does, but objects
 * keep their class, functions are shared, and what was frozen stays so. Objects that are met twice
 * are one object in the copy too.
 */
export function deepCopy<V>(value: V): V {
  return copied(value, new Map()) as V;
}

type Known = Map<object, unknown>;

function copied(value: unknown, known: Known): unknown {
  if (typeof value !== "object" || value === null) return value;
  const twin = known.get(value);
  if (twin !== undefined) return twin;
  if (Array.isArray(value)) return copiedArray(value, known);
  if (value instanceof Map) return copiedMap(value, known);
  if (value instanceof Set) return copiedSet(value, known);
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer || value instanceof Date) {
    return remember(value, structuredClone(value), known);
  }
  if (value instanceof Promise || value instanceof WeakMap || value instanceof WeakSet) {
    throw new TypeError("a node with a Promise, WeakMap or WeakSet in a field cannot be copied");
  }
  return copiedObject(value, known);
}

function remember<V>(value: object, twin: V, known: Known): V {
  known.set(value, twin);
  return twin;
}

function copiedArray(value: readonly unknown[], known: Known): unknown[] {
  const twin: unknown[] = remember(value, [], known);
  for (const item of value) twin.push(copied(item, known));
  return Object.isFrozen(value) ? (Object.freeze(twin) as unknown[]) : twin;
}

function copiedMap(value: Map<unknown, unknown>, known: Known): Map<unknown, unknown> {
  const twin = remember(value, new Map<unknown, unknown>(), known);
  for (const [key, item] of value) twin.set(copied(key, known), copied(item, known));
  return twin;
}

function copiedSet(value: Set<unknown>, known: Known): Set<unknown> {
  const twin = remember(value, new Set<unknown>(), known);
  for (const item of value) twin.add(copied(item, known));
  return twin;
}

function copiedObject(value: object, known: Known): object {
  const twin: Record<string, unknown> = Object.create(Object.getPrototypeOf(value));
  remember(value, twin, known);
  for (const [key, item] of Object.entries(value)) twin[key] = copied(item, known);
  return Object.isFrozen(value) ? Object.freeze(twin) : twin;
}
