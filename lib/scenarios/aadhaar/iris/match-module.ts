/**
 * A WebAssembly module, written by hand, that compares one iris picture with many, 16 bytes of code
 * at a time. Its one function, as C would say it (a picture: 256 bytes of code, 256 of mask):
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
import { irisBytes, irisPictureBytes } from "./picture";

const [code, mask, picture, end, out, differing, common, both] = [0, 1, 2, 3, 4, 5, 6, 7];
const i32 = 0x7f;
const v128 = 0x7b;
const lanes = 16;

/** A number in the variable-length form of WebAssembly, without and with a sign. */
function unsigned(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...unsigned(Math.floor(value / 128))];
}
function signed(value: bigint): number[] {
  const isLast = value >= -64n && value < 64n;
  return isLast ? [Number(value & 127n)] : [Number(value & 127n) | 128, ...signed(value >> 7n)];
}

const get = (local: number): number[] => [0x20, local];
const set = (local: number): number[] => [0x21, local];
const keep = (local: number): number[] => [0x22, local];
const constant = (value: number): number[] => [0x41, ...signed(BigInt(value))];
const longConstant = (value: bigint): number[] => [0x42, ...signed(value)];
const op = { add: 0x6a, or: 0x72, shiftLeft: 0x74, atLeast: 0x4f };
const long = { add: 0x7c, multiply: 0x7e, shiftRight: 0x88, toInt: 0xa7 };
const block = (...body: number[]): number[] => [0x02, 0x40, ...body, 0x0b];
const loop = (...body: number[]): number[] => [0x03, 0x40, ...body, 0x0b];
const branch = (depth: number): number[] => [0x0c, depth];
const branchIf = (depth: number): number[] => [0x0d, depth];
const store = [0x36, 2, 0];

const vector = (code: number): number[] => [0xfd, ...unsigned(code)];
const simd = {
  and: vector(0x4e),
  xor: vector(0x51),
  popcount: vector(0x62),
  addBytes: vector(0x6e),
  pairsOfBytes: vector(0x7d),
  long: (half: number): number[] => [...vector(0x1d), half],
};
const load = (local: number, offset: number): number[] => [
  ...[...get(local), ...vector(0x00), 0, ...unsigned(offset)],
];

const countIn = (local: number, isFirst: boolean): number[] => [
  ...simd.popcount,
  ...(isFirst ? [] : [...get(local), ...simd.addBytes]),
  ...set(local),
];

const compareVector = (at: number): number[] => [
  ...[...load(mask, at), ...load(picture, irisBytes + at), ...simd.and, ...keep(both)],
  ...[...load(code, at), ...load(picture, at), ...simd.xor, ...simd.and],
  ...countIn(differing, at === 0),
  ...[...get(both), ...countIn(common, at === 0)],
];

/** 16 bytes -> 8 numbers of 16 bits -> 4, of at most 512 -> their sum in the highest 16 bits. */
const total = (local: number): number[] => [
  ...[...get(local), ...simd.pairsOfBytes, ...keep(both), ...simd.long(0)],
  ...[...get(both), ...simd.long(1), long.add],
  ...[...longConstant(0x0001_0001_0001_0001n), long.multiply],
  ...[...longConstant(48n), long.shiftRight, long.toInt],
];

const body = block(
  ...loop(
    ...[...get(picture), ...get(end), op.atLeast, ...branchIf(1)],
    ...Array.from({ length: irisBytes / lanes }, (_, i) => compareVector(i * lanes)).flat(),
    ...[...get(out), ...total(differing), ...constant(16), op.shiftLeft],
    ...[...total(common), op.or, ...store],
    ...[...get(out), ...constant(4), op.add, ...set(out)],
    ...[...get(picture), ...constant(irisPictureBytes), op.add, ...set(picture)],
    ...branch(0),
  ),
);

const sized = (content: readonly number[]): number[] => [...unsigned(content.length), ...content];
const section = (id: number, ...content: number[]): number[] => [id, ...sized(content)];
const text = (name: string): number[] => sized([...Buffer.from(name)]);
const isShared = 0x03;

const matchModule = (): Uint8Array =>
  new Uint8Array([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, 1, 0x60, 5, i32, i32, i32, i32, i32, 0),
    ...section(2, 1, ...text("iris"), ...text("memory"), 0x02, isShared, 1, ...unsigned(65_536)),
    ...section(3, 1, 0),
    ...section(7, 1, ...text("compare"), 0x00, 0),
    ...section(10, 1, ...sized([1, 3, v128, ...body, 0x0b])),
  ]);

/** Memory that threads share and the module works on; it travels by `postMessage`. */
export interface SharedMemory {
  readonly buffer: SharedArrayBuffer;
}

/** The part of WebAssembly that is used here; Node has it, its types of version 20 do not. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: object,
  ) => { readonly exports: { readonly compare: ComparePictures } };
  readonly Memory: new (size: {
    readonly initial: number;
    readonly maximum: number;
    readonly shared: true;
  }) => SharedMemory;
};

/** All are addresses in the memory. */
export type ComparePictures = (
  ...addresses: [code: number, mask: number, picture: number, end: number, out: number]
) => void;

const pageBytes = 65_536;

export function sharedMemory(bytes: number): SharedMemory {
  const pages = Math.ceil(bytes / pageBytes);
  return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
}

export function pictureComparer(memory: SharedMemory): ComparePictures {
  const module = new WebAssembly.Module(matchModule());
  return new WebAssembly.Instance(module, { iris: { memory } }).exports.compare;
}
