/**
 * A WebAssembly module, written by hand, that finds the separators of text 16 bytes at a time. Its
 * one function, as C would say it:
 *
 *   int find(int at, int end, int separator, int out) {  // addresses in the module's memory
 *     int first = out, newlines = 0;
 *     while (at < end) {
 *       int lineEnds = one bit for each of the 16 bytes at `at` that is a newline;
 *       newlines += popcount(lineEnds);
 *       int mask = lineEnds | one bit for each byte that is a separator;
 *       int next = out + 4 * popcount(mask);
 *       while (mask != 0) {
 *         four times: store at + trailingZeros(mask) at out; out += 4; clear mask's lowest bit;
 *       }
 *       out = next;
 *       at += 16;
 *     }
 *     store newlines at first - 4;
 *     return (out - first) / 4;
 *   }
 *
 * Source: G. Langdale and D. Lemire, "Parsing Gigabytes of JSON per Second", VLDB Journal 28
 * (2019), section 3.1: bits are turned into places a few at a time, whether they are there or not,
 * since a branch that is guessed wrongly costs more than the stores.
 * Assumes: 16 bytes after `end` are readable and hold no separator, 12 bytes after the last place
 * are writable.
 */
const [at, end, separator, out, mask, first, next, newlines] = [0, 1, 2, 3, 4, 5, 6, 7];
const i32 = 0x7f;

const get = (local: number): number[] => [0x20, local];
const set = (local: number): number[] => [0x21, local];
/** `value` from -64 to 63. */
const constant = (value: number): number[] => [0x41, value & 0x7f];
const op = { add: 0x6a, subtract: 0x6b, and: 0x71, or: 0x72, shiftLeft: 0x74, shiftRight: 0x76 };
const unary = { isZero: 0x45, trailingZeros: 0x68, popcount: 0x69 };
const atLeast = 0x4f;
const block = (...body: number[]): number[] => [0x02, 0x40, ...body, 0x0b];
const loop = (...body: number[]): number[] => [0x03, 0x40, ...body, 0x0b];
const branch = (depth: number): number[] => [0x0c, depth];
const branchIf = (depth: number): number[] => [0x0d, depth];
const store = (offset: number): number[] => [0x36, 2, offset];
const simd = {
  load: [0xfd, 0x00, 0, 0],
  splat: [0xfd, 0x0f],
  equal: [0xfd, 0x23],
  bitmask: [0xfd, 0x64],
};

/** Bits of the 16 bytes at `at` that equal the byte that `value` pushes. */
const matches = (...value: number[]): number[] => [
  ...get(at),
  ...simd.load,
  ...value,
  ...simd.splat,
  ...simd.equal,
  ...simd.bitmask,
];

const storeLowestBit = (index: number): number[] => [
  ...get(out),
  ...get(at),
  ...[...get(mask), unary.trailingZeros, op.add],
  ...store(4 * index),
  ...[...get(mask), ...get(mask), ...constant(1), op.subtract, op.and, ...set(mask)],
];

const storeBits = block(
  ...loop(
    ...[...get(mask), unary.isZero, ...branchIf(1)],
    ...[0, 1, 2, 3].flatMap(storeLowestBit),
    ...[...get(out), ...constant(16), op.add, ...set(out)],
    ...branch(0),
  ),
);

const body = [
  ...[...get(out), ...set(first)],
  ...block(
    ...loop(
      ...[...get(at), ...get(end), atLeast, ...branchIf(1)],
      ...[...matches(...constant(10)), ...set(mask)],
      ...[...get(newlines), ...get(mask), unary.popcount, op.add, ...set(newlines)],
      ...[...matches(...get(separator)), ...get(mask), op.or, ...set(mask)],
      ...[...get(out), ...get(mask), unary.popcount, ...constant(2), op.shiftLeft],
      ...[op.add, ...set(next)],
      ...storeBits,
      ...[...get(next), ...set(out)],
      ...[...get(at), ...constant(16), op.add, ...set(at)],
      ...branch(0),
    ),
  ),
  ...[...get(first), ...constant(4), op.subtract, ...get(newlines), ...store(0)],
  ...[...get(out), ...get(first), op.subtract, ...constant(2), op.shiftRight],
];

/** A length (below 2 to the 14) in the variable-length form of WebAssembly. */
const length = (count: number): number[] => (count < 128 ? [count] : [count | 128, count >> 7]);
const sized = (content: readonly number[]): number[] => [...length(content.length), ...content];
const section = (id: number, ...content: number[]): number[] => [id, ...sized(content)];
const text = (name: string): number[] => sized([...Buffer.from(name)]);

const separatorModule = new Uint8Array([
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
  ...section(1, 1, 0x60, 4, i32, i32, i32, i32, 1, i32),
  ...section(2, 1, ...text("scan"), ...text("memory"), 0x02, 0x00, 1),
  ...section(3, 1, 0),
  ...section(7, 1, ...text("find"), 0x00, 0),
  ...section(10, 1, ...sized([1, 4, i32, ...body, 0x0b])),
]);

/** The part of WebAssembly that is used here; Node has it, its types of version 20 do not. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: object,
  ) => { readonly exports: { readonly find: FindSeparators } };
  readonly Memory: new (size: { initial: number }) => { readonly buffer: ArrayBuffer };
};

/** Returns how many places were written. */
export type FindSeparators = (
  ...addresses: [at: number, end: number, separator: number, out: number]
) => number;

/** Memory of at least that many bytes, and the function that works on it. */
export function separatorFinder(bytes: number): { memory: ArrayBuffer; find: FindSeparators } {
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / 65_536) });
  const module = new WebAssembly.Module(separatorModule);
  const { find } = new WebAssembly.Instance(module, { scan: { memory } }).exports;
  return { memory: memory.buffer, find };
}
