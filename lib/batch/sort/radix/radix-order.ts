/**
 * The stable order of fixed keys as indices, so that a payload can follow: for keys of 32 bits, 64
 * bits, or any number of bytes.
 *
 * Source: D. Knuth, The Art of Computer Programming 3, section 5.2.5, algorithm R, least
 * significant digits first, 16 bits a pass; a digit that all keys share costs no pass.
 * Guarantees: stable. Cost: one pass over the indices for 2 bytes of key; 8 bytes a key of memory.
 */
const digits = 65_536;

/** The order of numbers of 32 bits. */
export function orderOfWords(keys: Uint32Array): Uint32Array {
  return orderByDigits(keys.length, [(i) => keys[i]! & 0xffff, (i) => keys[i]! >>> 16]);
}

/** The order of numbers of 64 bits. */
export function orderOfLongWords(keys: BigUint64Array): Uint32Array {
  const halves = new Uint16Array(keys.buffer, keys.byteOffset, keys.length * 4);
  const digit = (at: number) => (i: number) => halves[4 * i + at]!;
  return orderByDigits(keys.length, [digit(0), digit(1), digit(2), digit(3)]);
}

/**
 * The order of keys of `keyBytes` bytes, as memcmp has it; one begins every `strideBytes`, the rest
 * is its payload. Throws RangeError when the bytes are no whole number of strides.
 */
export function orderOfBytes(
  bytes: Uint8Array,
  { keyBytes, strideBytes = keyBytes }: { keyBytes: number; strideBytes?: number },
): Uint32Array {
  const count = bytes.length / strideBytes;
  if (!Number.isInteger(count) || keyBytes < 1 || keyBytes > strideBytes) {
    throw new RangeError(
      `keyBytes (${keyBytes}) must be from 1 to strideBytes (${strideBytes}), ` +
        `of which the ${bytes.length} bytes must hold a whole number`,
    );
  }
  const pairs = Array.from({ length: keyBytes >> 1 }, (_, pair) => {
    const at = keyBytes - 2 - 2 * pair;
    return (i: number): number => {
      const start = i * strideBytes + at;
      return (bytes[start]! << 8) | bytes[start + 1]!;
    };
  });
  const odd = (i: number): number => bytes[i * strideBytes]!;
  return orderByDigits(count, keyBytes % 2 === 1 ? [...pairs, odd] : pairs);
}

/** By the digits (0 to 65,535) of each key, the least significant first. */
function orderByDigits(
  count: number,
  digitsOf: readonly ((index: number) => number)[],
): Uint32Array {
  let from = Uint32Array.from({ length: count }, (_, i) => i);
  let to = new Uint32Array(count);
  const places = new Uint32Array(digits);
  for (const digitOf of digitsOf) {
    places.fill(0);
    for (let i = 0; i < count; i++) places[digitOf(i)]++;
    if (count === 0 || places[digitOf(0)] === count) continue;
    let sum = 0;
    for (let digit = 0; digit < digits; digit++) {
      const total = places[digit]!;
      places[digit] = sum;
      sum += total;
    }
    for (let i = 0; i < count; i++) {
      const index = from[i]!;
      to[places[digitOf(index)]++] = index;
    }
    [from, to] = [to, from];
  }
  return from;
}
