/**
 * WebAssembly, written by hand, that compares iris pictures, 16 bytes of code at a time. As C would
 * say it (a picture: 256 bytes of code, 256 of mask):
 *
 *   void compare(byte* code, byte* mask, byte* picture, byte* end, int* out) {
 *     for (; picture < end; picture += 512) {
 *       int differing = 0, common = 0;
 *       for (int i = 0; i < 256; i += 16) {                    // unrolled
 *         vector both = mask[i..i+15] & picture[256+i..256+i+15];
 *         differing += popcount((code[i..i+15] ^ picture[i..i+15]) & both);
 *         common += popcount(both);
 *       }
 *       *out++ = differing << 16 | common;
 *     }
 *   }
 *
 * The counts stay apart in 16 bytes each until the end: 16 vectors of at most 8 bits a byte are
 * 128, which fits. They are summed by two widenings and a multiplication.
 *
 * Source: J. Daugman, "How iris recognition works" (IEEE TCSVT 14, 2004), equation (1); summing
 * four 16-bit numbers by one multiplication: H. Warren, "Hacker's Delight" (2013), section 5-1.
 * Assumes: processors of 2013 and later; a probe may stand at any byte, so a turned one is read
 * from the middle of two copies of it.
 */
import {
  advance,
  compile,
  constant,
  get,
  i32,
  keep,
  load,
  long,
  longConstant,
  op,
} from "./assembler";
import { set, simd, store, untilReached, v128 } from "./assembler";
import type { OnAddresses, SharedMemory } from "./assembler";
import { glanceBytes, glanceColumns, irisBytes, irisPictureBytes } from "./picture";

const lanes = 16;

/** Where the two counts are gathered, and a local to keep something in between. */
interface Counters {
  readonly differing: number;
  readonly common: number;
  readonly both: number;
}

/** Addresses of a code or a mask: a local, and how far behind it. */
type Place = readonly [local: number, offset: number];

/** Of both pictures the code, then the mask. */
interface Sides {
  readonly left: readonly [Place, Place];
  readonly right: readonly [Place, Place];
}

/** Adds what 16 bytes of two pictures differ in and have in common. */
function countVector({ left, right }: Sides, at: number, counters: Counters): number[] {
  const bytes = ([local, offset]: Place): number[] => load.vector(local, offset + at);
  const { differing, common, both } = counters;
  const add = (local: number): number[] => [
    ...[...simd.popcount, ...get(local), ...simd.addBytes, ...set(local)],
  ];
  return [
    ...[...bytes(left[1]), ...bytes(right[1]), ...simd.and, ...keep(both)],
    ...[...bytes(left[0]), ...bytes(right[0]), ...simd.xor, ...simd.and, ...add(differing)],
    ...[...get(both), ...add(common)],
  ];
}

const noBits = (local: number): number[] => [
  ...[0xfd, 0x0c, ...new Array<number>(lanes).fill(0), ...set(local)],
];

/** 16 bytes -> 8 numbers of 16 bits -> 4, of at most 512 -> their sum in the highest 16 bits. */
const total = (local: number, both: number): number[] => [
  ...[...get(local), ...simd.pairsOfBytes, ...keep(both), ...simd.long(0)],
  ...[...get(both), ...simd.long(1), long.add],
  ...[...longConstant(0x0001_0001_0001_0001n), long.multiply],
  ...[...longConstant(48n), long.shiftRight, long.toInt],
];

/** Both counts as one number on the stack. */
const result = ({ differing, common, both }: Counters): number[] => [
  ...[...total(differing, both), ...constant(16), op.shiftLeft],
  ...[...total(common, both), op.or],
];

const countAll = (sides: Sides, bytes: number, counters: Counters): number[] => [
  ...[...noBits(counters.differing), ...noBits(counters.common)],
  ...Array.from({ length: bytes / lanes }, (_, i) =>
    countVector(sides, i * lanes, counters),
  ).flat(),
];

/** (code, mask, picture, end, out): see above. */
export function pictureComparer(memory: SharedMemory): OnAddresses {
  const [code, mask, picture, end, out] = [0, 1, 2, 3, 4];
  const counters: Counters = { differing: 5, common: 6, both: 7 };
  const sides: Sides = {
    left: [[code, 0] as const, [mask, 0] as const],
    right: [[picture, 0] as const, [picture, irisBytes] as const],
  };
  const body = untilReached(picture, end, [
    ...countAll(sides, irisBytes, counters),
    ...[...get(out), ...result(counters), ...store(0)],
    ...[...advance(out, 4), ...advance(picture, irisPictureBytes)],
  ]);
  return compile({ parameters: 5, locals: [v128, v128, v128], body }, memory);
}

/**
 * (list, end): of each two addresses in the list, columns of a code with those of its mask
 * `glanceBytes` behind, the counts of `glanceColumns` from there on, in the place of the first
 * address. A turned picture is one whose address is so many bytes further.
 */
export function glancer(memory: SharedMemory): OnAddresses {
  const [list, end, left, right] = [0, 1, 2, 3];
  const counters: Counters = { differing: 4, common: 5, both: 6 };
  const places = (local: number): [Place, Place] => [
    [local, 0],
    [local, glanceBytes],
  ];
  const sides: Sides = { left: places(left), right: places(right) };
  const body = untilReached(list, end, [
    ...[...load.int(list, 0), ...set(left), ...load.int(list, 4), ...set(right)],
    ...countAll(sides, glanceColumns, counters),
    ...[...get(list), ...result(counters), ...store(0), ...advance(list, 8)],
  ]);
  return compile({ parameters: 2, locals: [i32, i32, v128, v128, v128], body }, memory);
}
