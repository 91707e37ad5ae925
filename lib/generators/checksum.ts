/**
 * CRC-32, the checksum of zip files and Ethernet: tells accidents, not malice, for anybody can
 * compute it.
 *
 * Source: W. W. Peterson and D. T. Brown, "Cyclic codes for error detection" (1961); polynomial
 * 0xEDB88320 (reflected), as zlib's crc32. By tables, four bytes a step: M. E. Kounavis and
 * F. L. Berry, "A systematic approach to building high performance software-based CRC generators"
 * (2005), slicing by four.
 * Guarantees: finds every burst of up to 32 wrong bits.
 * Cost: about 1 ns a byte, 4 kB.
 */
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) {
    remainder = remainder & 1 ? (remainder >>> 1) ^ 0xedb88320 : remainder >>> 1;
  }
  return remainder;
});

/** Table n is for a byte with n more bytes behind it in its step. */
const [second, third, fourth] = furtherTables();

function furtherTables(): Uint32Array[] {
  const next = (from: Uint32Array): Uint32Array =>
    from.map((remainder) => (remainder >>> 8) ^ table[remainder & 0xff]);
  const first = next(table);
  return [first, next(first), next(next(first))];
}

/** The checksum of the first `length` bytes, by default of all, 0 to 2^32 - 1. */
export function crc32(bytes: Uint8Array, length: number = bytes.length): number {
  let remainder = -1;
  let i = 0;
  for (; i + 4 <= length; i += 4) {
    remainder ^= bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24);
    remainder =
      fourth[remainder & 0xff] ^
      third[(remainder >>> 8) & 0xff] ^
      second[(remainder >>> 16) & 0xff] ^
      table[remainder >>> 24];
  }
  for (; i < length; i++) {
    remainder = (remainder >>> 8) ^ table[(remainder ^ bytes[i]) & 0xff];
  }
  return ~remainder >>> 0;
}
