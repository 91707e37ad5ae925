/**
 * Words to write a WebAssembly module with by hand: each is the bytes of an instruction or of a
 * section. A module here has one function, and works on memory that threads share.
 *
 * Source: A. Rossberg (editor), "WebAssembly Core Specification 2.0" (W3C, 2022), section 5.
 */
export const i32 = 0x7f;
export const i64 = 0x7e;
export const v128 = 0x7b;

/** A number in the variable-length form of WebAssembly, without and with a sign. */
function unsigned(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...unsigned(Math.floor(value / 128))];
}
function signed(value: bigint): number[] {
  const isLast = value >= -64n && value < 64n;
  return isLast ? [Number(value & 127n)] : [Number(value & 127n) | 128, ...signed(value >> 7n)];
}

export const get = (local: number): number[] => [0x20, local];
export const set = (local: number): number[] => [0x21, local];
export const keep = (local: number): number[] => [0x22, local];
export const constant = (value: number): number[] => [0x41, ...signed(BigInt(value))];
export const longConstant = (value: bigint): number[] => [0x42, ...signed(value)];

const loaded =
  (...op: number[]) =>
  (local: number, offset: number): number[] => [...get(local), ...op, 0, ...unsigned(offset)];
/** From the address in a local; any byte may be one. */
export const load = { int: loaded(0x28), long: loaded(0x29), vector: loaded(0xfd, 0x00) };
/** The number on the stack, to the address below it. */
export const store = (offset: number): number[] => [0x36, 2, ...unsigned(offset)];

export const op = { add: 0x6a, or: 0x72, shiftLeft: 0x74, atLeast: 0x4f, select: 0x1b };
export const long = {
  ...{ add: 0x7c, multiply: 0x7e, and: 0x83, or: 0x84, shiftLeft: 0x86, shiftRight: 0x88 },
  ...{ toInt: 0xa7, fromInt: 0xad },
};

const vector = (code: number): number[] => [0xfd, ...unsigned(code)];
export const simd = {
  and: vector(0x4e),
  xor: vector(0x51),
  popcount: vector(0x62),
  addBytes: vector(0x6e),
  pairsOfBytes: vector(0x7d),
  long: (half: number): number[] => [...vector(0x1d), half],
};

const block = (...body: number[]): number[] => [0x02, 0x40, ...body, 0x0b];
const loop = (...body: number[]): number[] => [0x03, 0x40, ...body, 0x0b];

/** `body` again and again until the address in `at` has reached the one in `end`. */
export const untilReached = (at: number, end: number, body: readonly number[]): number[] =>
  block(...loop(...get(at), ...get(end), op.atLeast, ...[0x0d, 1], ...body, ...[0x0c, 0]));

/** local += bytes */
export const advance = (local: number, bytes: number): number[] => [
  ...[...get(local), ...constant(bytes), op.add, ...set(local)],
];

const sized = (content: readonly number[]): number[] => [...unsigned(content.length), ...content];
const section = (id: number, ...content: number[]): number[] => [id, ...sized(content)];
const text = (name: string): number[] => sized([...Buffer.from(name)]);
const isShared = 0x03;

/** Memory that threads share and modules work on; it travels by `postMessage`. */
export interface SharedMemory {
  readonly buffer: SharedArrayBuffer;
}

/** All are addresses in the memory. */
export type OnAddresses = (...addresses: number[]) => void;

/** The part of WebAssembly that is used here; Node has it, its types of version 20 do not. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: object,
  ) => { readonly exports: { readonly run: OnAddresses } };
  readonly Memory: new (size: {
    readonly initial: number;
    readonly maximum: number;
    readonly shared: true;
  }) => SharedMemory;
};

const pageBytes = 65_536;

export function sharedMemory(bytes: number): SharedMemory {
  const pages = Math.ceil(bytes / pageBytes);
  return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
}

/** The code of a function of so many addresses, which are its first locals. */
export interface WasmFunction {
  readonly parameters: number;
  /** Types of the locals behind them. */
  readonly locals: readonly number[];
  readonly body: readonly number[];
}

export function compile(
  { parameters, locals, body }: WasmFunction,
  memory: SharedMemory,
): OnAddresses {
  const types = new Array<number>(parameters).fill(i32);
  const own = locals.flatMap((type) => [1, type]);
  const code = new Uint8Array([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, 1, 0x60, parameters, ...types, 0),
    ...section(2, 1, ...text("iris"), ...text("memory"), 0x02, isShared, 1, ...unsigned(pageBytes)),
    ...section(3, 1, 0),
    ...section(7, 1, ...text("run"), 0x00, 0),
    ...section(10, 1, ...sized([locals.length, ...own, ...body, 0x0b])),
  ]);
  const module = new WebAssembly.Module(code);
  return new WebAssembly.Instance(module, { iris: { memory } }).exports.run;
}
