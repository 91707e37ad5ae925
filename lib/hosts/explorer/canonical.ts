/**
 * One text for each plain value, so that two states of a node can be told to be the same; and the
 * same value with nodes renamed, for symmetry.
 *
 * Assumes: no behaviour depends on the order in which a Map or Set was filled.
 * Guarantees: equal texts mean equal values; Map, Set and object keys are sorted first.
 */

/** Throws a RangeError, beginning with `where`, for a value that is not plain data. */
export function canonicalText(value: unknown, where: string): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value);
    case "number":
      return Number.isFinite(value) ? `${value}` : `#${value}`;
    case "bigint":
      return `#${value}n`;
    case "boolean":
    case "undefined":
      return `#${value}`;
    case "object":
      return value === null ? "null" : objectText(value, where);
    default:
      throw new RangeError(`${where} is a ${typeof value}: fields must be plain data`);
  }
}

function objectText(value: object, where: string): string {
  const textOf = (item: unknown, name: unknown): string =>
    canonicalText(item, `${where}.${typeof name === "object" ? "key" : String(name)}`);
  if (Array.isArray(value)) return `[${Array.from(value, textOf).join()}]`;
  if (value instanceof Set) {
    return `S[${Array.from(value, (item) => textOf(item, "item"))
      .sort()
      .join()}]`;
  }
  if (value instanceof Map) {
    const pairs = Array.from(value, ([key, item]) => `${textOf(key, "key")}:${textOf(item, key)}`);
    return `M[${pairs.sort().join()}]`;
  }
  if (ArrayBuffer.isView(value)) return `B[${String(value)}]`;
  const prototype = Object.getPrototypeOf(value) as object | null;
  if (prototype !== null && prototype !== Object.prototype) {
    throw new RangeError(`${where} is a ${value.constructor.name}: fields must be plain data`);
  }
  const fields = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return `{${fields.map(([key, item]) => `${JSON.stringify(key)}:${textOf(item, key)}`).join()}}`;
}

/** A copy in which every string and key that is a name has become the name it is mapped to. */
export function renamed(value: unknown, names: ReadonlyMap<string, string>): unknown {
  const again = (item: unknown): unknown => renamed(item, names);
  if (typeof value === "string") return names.get(value) ?? value;
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) return value.map(again);
  if (value instanceof Set) return new Set(Array.from(value, again));
  if (value instanceof Map) {
    return new Map(Array.from(value, ([key, item]) => [again(key), again(item)]));
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [names.get(key) ?? key, again(item)]),
  );
}

/** Gives equal plain values one number, from 0; a value is not changed once it is here. */
export class Interned<V> {
  private readonly numbers = new Map<string, number>();
  private readonly values: V[] = [];

  constructor(private readonly name: string) {}

  numberOf(value: V): number {
    const text = canonicalText(value, this.name);
    const known = this.numbers.get(text);
    if (known !== undefined) return known;
    this.numbers.set(text, this.values.length);
    return this.values.push(value) - 1;
  }

  get(number: number): V {
    return this.values[number];
  }

  get size(): number {
    return this.values.length;
  }
}
