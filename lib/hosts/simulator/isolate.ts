/**
 * Keeps nodes from sharing memory, as machines cannot: messages are frozen when they are sent, and
 * what is saved is copied.
 */

/** Freezes a plain value in depth and returns it; a value that is frozen costs one look. */
export function freeze<V>(value: V): V {
  if (typeof value === "function") {
    throw new TypeError("a message is plain JSON and cannot carry a function");
  }
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  if (Array.isArray(value)) for (const item of value) freeze(item);
  else for (const key in value) freeze(value[key]);
  return Object.freeze(value);
}

/**
 * A copy in depth of a plain value; anything that is not plain goes through structuredClone. What
 * is frozen, as messages are, never changes and needs no copy.
 */
export function copy<V>(value: V): V {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  if (Array.isArray(value)) return value.map(copy) as V;
  if (Object.getPrototypeOf(value) !== Object.prototype) return structuredClone(value);
  const twin: Record<string, unknown> = {};
  for (const key in value) twin[key] = copy(value[key]);
  return twin as V;
}

/** What a message is after a journey over a wire. */
export function throughJson<V>(value: V): V {
  return JSON.parse(JSON.stringify(value)) as V;
}
