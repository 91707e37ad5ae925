/** Numbers keys in the order in which they are first seen, and tells the partition of a key. */
import { TextTable, hashText } from "../../map-reduce/text-table";
import type { Key } from "../pair";

export class KeyTable {
  /** Key number i. */
  readonly keys: Key[] = [];
  private readonly texts = new TextTable();
  /** The number of text number i. */
  private readonly ofText: number[] = [];
  private readonly others = new Map<Key, number>();

  /** `keys.length`, as it was before the call, when it is new. */
  numberOf(key: Key): number {
    if (typeof key === "string") {
      const text = this.texts.numberOf(key);
      if (text < this.ofText.length) return this.ofText[text] as number;
      return (this.ofText.push(this.keys.push(key) - 1), this.keys.length - 1);
    }
    const known = this.others.get(key);
    if (known !== undefined) return known;
    checkKey(key);
    this.others.set(key, this.keys.length);
    return this.keys.push(key === 0 ? 0 : key) - 1; // -0 is the same key
  }
}

const kinds = new Set(["string", "number", "boolean"]);

/** Cells are not checked as strictly as they should be. */
function checkKey(key: unknown): void {
  if (kinds.has(typeof key)) return;
  const kind = key === null ? "null" : typeof key;
  throw new TypeError(`a key must be a text, a number or a boolean, but was ${kind}`);
}

/** The same on every thread; 0 and -0 are one key. */
export function hashKey(key: Key): number {
  if (typeof key === "string") return hashText(key) >>> 0;
  checkKey(key);
  if (typeof key === "number" && !Number.isInteger(key)) return hashText(String(key)) >>> 0;
  const number = Number(key);
  let hash = (number | 0) ^ Math.imul((number / 2 ** 32) | 0, 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** What tells two rows apart: themselves, or their content with the names of fields in order. */
export function rowKey(row: unknown): Key {
  if (typeof row === "number" || typeof row === "boolean") return row;
  return typeof row === "string" ? row : `\u0000${JSON.stringify(row, inOrder) ?? typeof row}`;
}

function inOrder(_name: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value);
  return Object.fromEntries(entries.sort(([left], [right]) => (left < right ? -1 : 1)));
}
