/**
 * WebAssembly, written by hand, that reads the bits of a band from pictures at several turns at
 * once. A column is a byte, so 8 bytes from a column on hold its bit, and that of the same ring at
 * 7 further turns. As C would say it, for up to 8 bits:
 *
 *   void keys(byte* picture, byte* end, int* places, int* out) {
 *     for (; picture < end; picture += 512) {
 *       long seen = -1, key = 0;
 *       for (int bit = 0; bit < bits; bit++) {                 // unrolled
 *         byte* at = picture + places[2 * bit];
 *         long ring = places[2 * bit + 1];
 *         key = key << 1 | (*(long*)at >> ring & 0x0101010101010101);
 *         seen &= *(long*)(at + 256) >> ring;
 *       }
 *       for (int turn : turns)                                 // unrolled
 *         *out++ = seen >> 8 * turn & 1 ? key >> 8 * turn & 255 : -1;
 *     }
 *   }
 *
 * More than 8 bits are gathered in more such numbers. Cost: 30 ns a picture and 24 bits.
 */
import { advance, compile, constant, get, i32, i64, load, long } from "./assembler";
import { longConstant, op, set, store, untilReached } from "./assembler";
import type { OnAddresses, SharedMemory } from "./assembler";
import { irisBytes, irisPictureBytes } from "./picture";

const [picture, end, places, out, at, seen, ring, firstPart] = [0, 1, 2, 3, 4, 5, 6, 7];
/** Bits that a byte has room for. */
const bitsOfPart = 8;
const inEachByte = 0x0101_0101_0101_0101n;

const readBit = (bit: number): number[] => {
  const part = firstPart + Math.floor(bit / bitsOfPart);
  return [
    ...[...get(picture), ...load.int(places, 8 * bit), op.add, ...set(at)],
    ...[...load.int(places, 8 * bit + 4), long.fromInt, ...set(ring)],
    ...[...get(part), ...longConstant(1n), long.shiftLeft],
    ...[...load.long(at, 0), ...get(ring), long.shiftRight],
    ...[...longConstant(inEachByte), long.and, long.or, ...set(part)],
    ...[...load.long(at, irisBytes), ...get(ring), long.shiftRight],
    ...[...get(seen), long.and, ...set(seen)],
  ];
};

/** The parts of one turn side by side in one number, or -1. */
const keyAt = (turn: number, parts: number): number[] => {
  const shift = longConstant(BigInt(8 * turn));
  const partAt = (part: number): number[] => [
    ...[...get(firstPart + part), ...shift, long.shiftRight, ...longConstant(255n), long.and],
    ...[...longConstant(BigInt(bitsOfPart * part)), long.shiftLeft],
  ];
  return [
    ...partAt(0),
    ...Array.from({ length: parts - 1 }, (_, i) => [...partAt(i + 1), long.or]).flat(),
    ...[long.toInt, ...constant(-1)],
    ...[...get(seen), ...shift, long.shiftRight, ...longConstant(1n), long.and, long.toInt],
    op.select,
  ];
};

/** (picture, end, places, out): for bands of so many bits, 1 to 32, and turns from 0 to 7. */
export function bandReader(
  memory: SharedMemory,
  { bits, turns }: { bits: number; turns: readonly number[] },
): OnAddresses {
  const parts = Math.ceil(bits / bitsOfPart);
  const clear = Array.from({ length: parts }, (_, i) => [
    ...[...longConstant(0n), ...set(firstPart + i)],
  ]).flat();
  const body = untilReached(picture, end, [
    ...[...longConstant(-1n), ...set(seen), ...clear],
    ...Array.from({ length: bits }, (_, bit) => readBit(bit)).flat(),
    ...turns.flatMap((turn, i) => [...get(out), ...keyAt(turn, parts), ...store(4 * i)]),
    ...[...advance(out, 4 * turns.length), ...advance(picture, irisPictureBytes)],
  ]);
  const locals = [i32, i64, i64, ...new Array<number>(parts).fill(i64)];
  return compile({ parameters: 4, locals, body }, memory);
}
