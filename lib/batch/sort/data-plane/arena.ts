/**
 * All bytes that a sorting thread works on, in one memory of WebAssembly: there, to copy a record
 * costs a third of what `Buffer.copyWithin` does, for which JavaScript calls into C++.
 */

/** What a sorter may touch past the end of what it needs. */
export interface Arena {
  readonly bytes: Buffer;
  /** Copies `length` bytes within the arena; the two ranges may overlap. */
  copy(to: number, from: number, length: number): void;
  /** A view of `length` numbers from `at`, which must be a multiple of 4. */
  words(at: number, length: number): Uint32Array;
}

/** One function, c(to, from, length), which is memory.copy on the memory that is handed in. */
const copyModule = new Uint8Array([
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
  ...[0x01, 0x07, 0x01, 0x60, 0x03, 0x7f, 0x7f, 0x7f, 0x00], // the type of the function
  ...[0x02, 0x08, 0x01, 0x01, 0x6d, 0x01, 0x6d, 0x02, 0x00, 0x01], // import the memory
  ...[0x03, 0x02, 0x01, 0x00, 0x07, 0x05, 0x01, 0x01, 0x63, 0x00, 0x00], // export the function
  ...[0x0a, 0x0e, 0x01, 0x0c, 0x00, 0x20, 0x00, 0x20, 0x01, 0x20, 0x02], // push its parameters
  ...[0xfc, 0x0a, 0x00, 0x00, 0x0b], // memory.copy
]);

/** The part of WebAssembly that is used here; Node has it, its types of version 20 do not. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: object,
  ) => { readonly exports: { readonly c: Arena["copy"] } };
  readonly Memory: new (size: { initial: number }) => { readonly buffer: ArrayBuffer };
};

/** An arena of at least that many bytes, at most 4 GiB; pages that are not touched cost nothing. */
export function makeArena(bytes: number): Arena {
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / 65_536) });
  const { buffer } = memory;
  const instance = new WebAssembly.Instance(new WebAssembly.Module(copyModule), {
    m: { m: memory },
  });
  return {
    bytes: Buffer.from(buffer),
    copy: instance.exports.c,
    words: (at, length) => new Uint32Array(buffer, at, length),
  };
}
