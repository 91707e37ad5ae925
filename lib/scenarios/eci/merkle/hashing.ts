/**
 * The hashes of a Merkle tree as Certificate Transparency has them: a leaf and an inner node begin
 * with different bytes, so that nobody can pass off an inner node as a leaf (a second preimage).
 *
 * Source: B. Laurie, A. Langley, E. Kasper, RFC 6962, 2013, section 2.1.
 */
import { createHash } from "crypto";

/** Bytes of a hash. */
export const hashBytes = 32;

const leafPrefix = Uint8Array.of(0);
const nodePrefix = Uint8Array.of(1);

/** SHA-256 of 0x00 and the entry; a text in UTF-8. */
export function leafHash(entry: string | Uint8Array): Buffer {
  return createHash("sha256").update(leafPrefix).update(entry).digest();
}

/** SHA-256 of 0x01 and the two children. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return createHash("sha256").update(nodePrefix).update(left).update(right).digest();
}

/** The root of a tree without leaves: SHA-256 of nothing. */
export function emptyRoot(): Buffer {
  return createHash("sha256").digest();
}

/** A hash as 64 hexadecimal digits; undefined for any other text. */
export function readHash(text: string): Buffer | undefined {
  return /^[0-9a-f]{64}$/.test(text) ? Buffer.from(text, "hex") : undefined;
}
