/**
 * CRC-32, the checksum of zip files and Ethernet: tells accidents, not malice, for anybody can
 * compute it.
 *
 * Source: W. W. Peterson and D. T. Brown, "Cyclic codes for error detection" (1961); polynomial
 * 0xEDB88320 (reflected), as zlib's crc32. By tables, eight bytes a step: M. E. Kounavis and
 * F. L. Berry, "A systematic approach to building high performance software-based CRC generators"
 * (2005), slicing by eight.
 * Guarantees: finds every burst of up to 32 wrong bits.
 * Cost: about 0.5 ns a byte, 8 kB.
 */
const cells = 256;

/** Table n, from place 256 n, is for a byte with n more bytes behind it in its step. */
const tables = makeTables(8);

function makeTables(count: number): Uint32Array {
  const made = new Uint32Array(count * cells);
  for (let byte = 0; byte < cells; byte++) {
    let remainder = byte;
    for (let bit = 0; bit < 8; bit++) {
      remainder = remainder & 1 ? (remainder >>> 1) ^ 0xedb88320 : remainder >>> 1;
    }
    made[byte] = remainder;
  }
  for (let at = cells; at < made.length; at++) {
    const shorter = made[at - cells];
    made[at] = (shorter >>> 8) ^ made[shorter & 0xff];
  }
  return made;
}

/** The checksum of all bytes, 0 to 2^32 - 1. */
export function crc32(bytes: Uint8Array): number {
  const { buffer, byteOffset, byteLength } = bytes;
  return crc32Of(new DataView(buffer, byteOffset, byteLength), 0, byteLength);
}

/** The checksum of the bytes of `view` from place `from` to before `to`. */
export function crc32Of(view: DataView, from: number, to: number): number {
  let remainder = -1;
  let at = from;
  for (; at + 8 <= to; at += 8) {
    const first = view.getInt32(at, true) ^ remainder;
    const second = view.getInt32(at + 4, true);
    remainder =
      tables[7 * cells + (first & 0xff)] ^
      tables[6 * cells + ((first >>> 8) & 0xff)] ^
      tables[5 * cells + ((first >>> 16) & 0xff)] ^
      tables[4 * cells + (first >>> 24)] ^
      tables[3 * cells + (second & 0xff)] ^
      tables[2 * cells + ((second >>> 8) & 0xff)] ^
      tables[cells + ((second >>> 16) & 0xff)] ^
      tables[second >>> 24];
  }
  for (; at < to; at++) {
    remainder = (remainder >>> 8) ^ tables[(remainder ^ view.getUint8(at)) & 0xff];
  }
  return ~remainder >>> 0;
}
