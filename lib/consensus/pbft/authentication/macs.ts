/**
 * Authenticators: a code of 16 bytes for each receiver, made with the key that the two share.
 *
 * Source: Castro and Liskov 1999, section 5.2; HMAC-SHA256 (RFC 2104) for their UMAC32.
 */
import { createHmac, createSecretKey } from "crypto";
import type { KeyObject } from "crypto";
import type { NodeId } from "../../../protocol";
import type { Authentication, AuthenticationOptions } from "./kinds";
import { ownEntry, pairKey } from "./signatures";

const codeBytes = 16;

/** Key objects are no plain data, so they are no fields of nodes; they are remembered here. */
const keyObjects = new Map<string, KeyObject>();
const maxKeys = 100_000;

function keyObject(name: string, raw: () => string): KeyObject {
  let key = keyObjects.get(name);
  if (key === undefined) {
    key = createSecretKey(Buffer.from(raw(), "base64url"));
    if (keyObjects.size >= maxKeys) keyObjects.clear();
    keyObjects.set(name, key);
  }
  return key;
}

export function macs(
  id: NodeId,
  { keySeed, keys }: Omit<AuthenticationOptions, "authentication">,
): Authentication {
  const keyWith = (other: NodeId): KeyObject | undefined => {
    if (keys === null) {
      const name = `${keySeed}\n${id}\n${other}`;
      return keyObject(name, () => pairKey(keySeed, id, other));
    }
    const raw = ownEntry(keys.pairKeys, other);
    return raw === undefined ? undefined : keyObject(raw, () => raw);
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

function codeOf(text: string, key: KeyObject): string {
  const code = createHmac("sha256", key).update(text).digest();
  return code.subarray(0, codeBytes).toString("base64url");
}

/** Takes as long for texts that differ late as for those that differ early. */
function isEqual(one: string, other: string): boolean {
  if (one.length !== other.length) return false;
  let difference = 0;
  for (let i = 0; i < one.length; i++) difference |= one.charCodeAt(i) ^ other.charCodeAt(i);
  return difference === 0;
}
