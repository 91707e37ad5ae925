/**
 * Authenticators: a code for each receiver, made with the key that the two share.
 *
 * Source: Castro and Liskov 1999, section 5.2; HMAC-SHA256 (RFC 2104), cut to 22 characters of
 * base64url, 132 bits, for their UMAC32. By hand from two hashes it takes half as long as
 * createHmac, which suits streams.
 * Weakness: who makes codes that are right for one receiver and wrong for others splits them, and
 * clients can so force changes of view: A. Clement et al., "Making Byzantine Fault Tolerant Systems
 * Tolerate Byzantine Faults", NSDI 2009. Signatures are right for all or for nobody.
 */
import { hash } from "crypto";
import type { NodeId } from "../../../protocol";
import type { Authentication, AuthenticationOptions } from "./kinds";
import { ownEntry, pairKey } from "./signatures";

const codeLength = 22;
const blockBytes = 64;

/** A key, xored with RFC 2104's paddings, each before the room for what is hashed after it. */
interface PaddedKey {
  inner: Buffer;
  readonly outer: Buffer;
}

/** By the key, or by the seed and the two nodes that it follows from. */
const paddedKeys = new Map<string, PaddedKey>();
const maxKeys = 100_000;

function paddedKey(name: string, raw: () => string): PaddedKey {
  let key = paddedKeys.get(name);
  if (key === undefined) {
    key = padded(Buffer.from(raw(), "base64url"));
    if (paddedKeys.size >= maxKeys) paddedKeys.clear();
    paddedKeys.set(name, key);
  }
  return key;
}

function padded(key: Buffer): PaddedKey {
  const inner = Buffer.alloc(2 * blockBytes, 0x36);
  const outer = Buffer.alloc(blockBytes + 32, 0x5c);
  for (const [i, byte] of key.entries()) {
    inner[i] ^= byte;
    outer[i] ^= byte;
  }
  return { inner, outer };
}

export function macs(
  id: NodeId,
  { keySeed, keys }: Omit<AuthenticationOptions, "authentication">,
): Authentication {
  const keyWith = (other: NodeId): PaddedKey | undefined => {
    if (keys === null) {
      const name = `${keySeed}\n${id}\n${other}`;
      return paddedKey(name, () => pairKey(keySeed, id, other));
    }
    const raw = ownEntry(keys.pairKeys, other);
    return raw === undefined ? undefined : paddedKey(raw, () => raw);
  };
  return {
    isTransferable: false,
    prove(text, audience) {
      const codes: Record<NodeId, string> = {};
      for (const receiver of audience) {
        const key = receiver === id ? undefined : keyWith(receiver);
        if (key !== undefined) codes[receiver] = codeOf(text, key);
      }
      return codes;
    },
    isProven(text, from, proof) {
      if (typeof proof !== "object" || proof === null || from === id) return false;
      const code = ownEntry(proof as Record<NodeId, unknown>, id);
      const key = keyWith(from);
      return key !== undefined && typeof code === "string" && isEqual(code, codeOf(text, key));
    },
  };
}

function codeOf(text: string, key: PaddedKey): string {
  const bytes = blockBytes + 3 * text.length; // of UTF-8, at most
  if (bytes > key.inner.length) {
    key.inner = Buffer.concat([key.inner.subarray(0, blockBytes), Buffer.alloc(2 * bytes)]);
  }
  const end = blockBytes + key.inner.write(text, blockBytes);
  key.outer.write(hash("sha256", key.inner.subarray(0, end), "binary"), blockBytes, "latin1");
  return hash("sha256", key.outer, "base64url").slice(0, codeLength);
}

/** Takes as long for texts that differ late as for those that differ early. */
function isEqual(one: string, other: string): boolean {
  if (one.length !== other.length) return false;
  let difference = 0;
  for (let i = 0; i < one.length; i++) difference |= one.charCodeAt(i) ^ other.charCodeAt(i);
  return difference === 0;
}
