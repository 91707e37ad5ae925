import { isUtf8 } from "buffer";
import type { Segment } from "./segment-file";

type Keys = Pick<Segment, "size" | "keys" | "keyEnds">;
type Comparison = (left: number, right: number) => number;

const indexBits = 24;
const packedKeyBits = 40;
/** From here on (U+E000 and what UTF-16 writes in two units) its order is not that of the bytes. */
const firstOtherOrder = 0xee;

/**
 * The indices of the keys in the order in which JavaScript compares them as text.
 *
 * As many bytes of a key as 40 bits hold, each as its rank among the bytes that occur, and its
 * index are packed into one 64-bit number; the numbers are sorted without a comparison function,
 * and only keys that are packed alike are then compared whole.
 * Cost: 12 bytes a key.
 */
export function sortKeys({ size, keys, keyEnds }: Keys): Uint32Array {
  const used = keys.subarray(0, keyEnds[size]);
  const ranks = ranksOf(used);
  const isByteOrder = isUtf8(used) && ranks.greatest < firstOtherOrder;
  const compare = isByteOrder ? byteComparison(keys, keyEnds) : textComparison(keys, keyEnds);
  if (!isByteOrder || size > 2 ** indexBits) {
    return Uint32Array.from({ length: size }, (_, index) => index).sort(compare);
  }
  const packed = pack({ size, keys, keyEnds }, ranks).sort();
  return unpack(new Uint32Array(packed.buffer), size, compare);
}

interface Ranks {
  /** For a byte that occurs: how many lesser ones do, plus 1. 0 is the end of a key. */
  readonly rankOf: Uint8Array;
  readonly bits: number;
  readonly greatest: number;
}

function ranksOf(used: Uint8Array): Ranks {
  const rankOf = new Uint8Array(256);
  for (let at = 0; at < used.length; at++) rankOf[used[at] as number] = 1;
  let [count, greatest] = [0, 0];
  for (let byte = 0; byte < 256; byte++) {
    if (rankOf[byte] === 0) continue;
    rankOf[byte] = ++count;
    greatest = byte;
  }
  return { rankOf, bits: Math.max(1, Math.ceil(Math.log2(count + 1))), greatest };
}

function pack({ size, keys, keyEnds }: Keys, { rankOf, bits }: Ranks): BigUint64Array {
  const packed = new BigUint64Array(size);
  const halves = new Uint32Array(packed.buffer);
  const length = Math.floor(packedKeyBits / bits);
  const base = 2 ** bits;
  for (let index = 0; index < size; index++) {
    const end = keyEnds[index + 1] as number;
    let value = 0;
    for (let i = 0, at = keyEnds[index] as number; i < length; i++, at++) {
      value = value * base + (at < end ? (rankOf[keys[at] as number] as number) : 0);
    }
    halves[index * 2 + 1] = Math.floor(value / 256);
    halves[index * 2] = (value % 256) * 2 ** indexBits + index;
  }
  return packed;
}

/** The indices in order; those that are packed alike are compared. */
function unpack(halves: Uint32Array, size: number, compare: Comparison): Uint32Array {
  const order = new Uint32Array(size);
  let runStart = 0;
  for (let i = 0; i < size; i++) {
    const low = halves[i * 2] as number;
    order[i] = low & (2 ** indexBits - 1);
    const isRunEnd =
      i + 1 === size ||
      halves[i * 2 + 1] !== halves[i * 2 + 3] ||
      low >>> indexBits !== (halves[i * 2 + 2] as number) >>> indexBits;
    if (!isRunEnd) continue;
    if (i > runStart) order.subarray(runStart, i + 1).sort(compare);
    runStart = i + 1;
  }
  return order;
}

function byteComparison(keys: Uint8Array, keyEnds: Uint32Array): Comparison {
  return (left, right) => {
    const [a, b] = [keyEnds[left] as number, keyEnds[right] as number];
    const lengths = [(keyEnds[left + 1] as number) - a, (keyEnds[right + 1] as number) - b];
    const shared = Math.min(lengths[0] as number, lengths[1] as number);
    for (let i = 0; i < shared; i++) {
      const difference = (keys[a + i] as number) - (keys[b + i] as number);
      if (difference !== 0) return difference;
    }
    return (lengths[0] as number) - (lengths[1] as number);
  };
}

function textComparison(keys: Uint8Array, keyEnds: Uint32Array): Comparison {
  const buffer = Buffer.from(keys.buffer, keys.byteOffset, keys.length);
  const text = (index: number): string =>
    buffer.toString("utf8", keyEnds[index], keyEnds[index + 1]);
  return (left, right) => (text(left) < text(right) ? -1 : text(left) > text(right) ? 1 : 0);
}
