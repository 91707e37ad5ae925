/**
 * MurmurHash3 of 128 bits: two different contents with the same hash are not to be expected, unless
 * somebody looks for them.
 *
 * Source: A. Appleby, SMHasher, MurmurHash3_x64_128, 2011. A text is hashed as its UTF-8 bytes.
 * Cost: about 0.3 us and 10 ns a byte; no BigInt.
 */
import { bytesOf } from "./bytes-of";
import { Uint64 } from "./uint64";

/** 32 hexadecimal digits; `seed` from 0 to 2^32 - 1, default 0. */
export function murmur128(data: string | Uint8Array, seed = 0): string {
  const bytes = bytesOf(data);
  const [first, second] = [new Uint64(0, seed), new Uint64(0, seed)];
  const whole = bytes.length & ~15;
  for (let i = 0; i < whole; i += 16) mixBlock(first, second, bytes, i);
  if (bytes.length > whole + 8) second.xor(...halves(scrambleSecond(wordAt(bytes, whole + 8))));
  if (bytes.length > whole) first.xor(...halves(scrambleFirst(wordAt(bytes, whole))));
  first.xor(0, bytes.length);
  second.xor(0, bytes.length);
  addEachOther(first, second);
  avalanche(first);
  avalanche(second);
  addEachOther(first, second);
  return `${first}${second}`;
}

function mixBlock(first: Uint64, second: Uint64, bytes: Uint8Array, at: number): void {
  first.xor(...halves(scrambleFirst(wordAt(bytes, at)))).rotate(27);
  first.add(second.high, second.low).multiply(0, 5).add(0, 0x52dce729);
  second.xor(...halves(scrambleSecond(wordAt(bytes, at + 8)))).rotate(31);
  second.add(first.high, first.low).multiply(0, 5).add(0, 0x38495ab5);
}

function scrambleFirst(word: Uint64): Uint64 {
  return word.multiply(0x87c37b91, 0x114253d5).rotate(31).multiply(0x4cf5ad43, 0x2745937f);
}

function scrambleSecond(word: Uint64): Uint64 {
  return word.multiply(0x4cf5ad43, 0x2745937f).rotate(33).multiply(0x87c37b91, 0x114253d5);
}

/** Eight bytes, the lowest first; zeros after the end. */
function wordAt(bytes: Uint8Array, at: number): Uint64 {
  const byte = (i: number): number => bytes[at + i] ?? 0;
  const half = (i: number): number =>
    byte(i) | (byte(i + 1) << 8) | (byte(i + 2) << 16) | (byte(i + 3) << 24);
  return new Uint64(half(4), half(0));
}

function halves({ high, low }: Uint64): [number, number] {
  return [high, low];
}

function addEachOther(first: Uint64, second: Uint64): void {
  first.add(second.high, second.low);
  second.add(first.high, first.low);
}

function avalanche(word: Uint64): void {
  shiftedIn(word).multiply(0xff51afd7, 0xed558ccd);
  shiftedIn(word).multiply(0xc4ceb9fe, 0x1a85ec53);
  shiftedIn(word);
}

/** word ^= word >> 33 */
function shiftedIn(word: Uint64): Uint64 {
  return word.xor(0, word.high >>> 1);
}
