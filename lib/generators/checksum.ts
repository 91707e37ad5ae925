/**
 * CRC-32, the checksum of zip files and Ethernet: tells accidents, not malice, for anybody can
 * compute it.
 *
 * Source: W. W. Peterson and D. T. Brown, "Cyclic codes for error detection" (1961); polynomial
 * 0xEDB88320 (reflected), as zlib's crc32. By table, a byte a step.
 * Guarantees: finds every burst of up to 32 wrong bits.
 * Cost: about 2 ns a byte, 1 kB.
 */
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) {
    remainder = remainder & 1 ? (remainder >>> 1) ^ 0xedb88320 : remainder >>> 1;
  }
  return remainder;
});

/** The checksum of the first `length` bytes, by default of all, 0 to 2^32 - 1. */
export function crc32(bytes: Uint8Array, length: number = bytes.length): number {
  let remainder = -1;
  for (let i = 0; i < length; i++) {
    remainder = (remainder >>> 8) ^ table[(remainder ^ bytes[i]) & 0xff];
  }
  return ~remainder >>> 0;
}
