/**
 * Ed25519 signatures (RFC 8032), which are deterministic: the same text has the same signature.
 *
 * Cost: what this program has signed or verified once it knows: `consensus/signatures`.
 */
import { signingKeysOf } from "../../../basics";
import type { SigningKeys } from "../../../basics";
import type { NodeId } from "../../../protocol";
import { isSignedOnce, signOnce, textDigest } from "../../signatures";
import type { Authentication, AuthenticationOptions, PbftKeys } from "./kinds";

/** Where all keys follow from one seed. */
function seedKeys(keySeed: string, id: NodeId): SigningKeys {
  return signingKeysOf(JSON.stringify(["ed25519", keySeed, id]), "base64url");
}

/** Everybody's public keys, as the cluster's key list: what evidence is checked with. */
export function publicKeysOf(keySeed: string, ids: readonly NodeId[]): Record<NodeId, string> {
  return Object.fromEntries(ids.map((id) => [id, seedKeys(keySeed, id).publicKey]));
}

/** The keys of each node, to be given to it as its option `keys`; they follow from the seed. */
export function pbftKeys(keySeed: string, ids: readonly NodeId[]): Record<NodeId, PbftKeys> {
  const all = publicKeysOf(keySeed, ids);
  return Object.fromEntries(
    ids.map((id) => {
      const pairKeys = Object.fromEntries(
        ids.filter((other) => other !== id).map((other) => [other, pairKey(keySeed, id, other)]),
      );
      const { secretKey: privateKey } = seedKeys(keySeed, id);
      return [id, { privateKey, publicKeys: all, pairKeys }];
    }),
  );
}

/** The secret that two nodes share, where all follow from one seed. */
export function pairKey(keySeed: string, one: NodeId, other: NodeId): string {
  const pair = one < other ? [one, other] : [other, one];
  return textDigest(JSON.stringify(["hmac", keySeed, ...pair]));
}

export function signatures(
  id: NodeId,
  { keySeed, keys }: Omit<AuthenticationOptions, "authentication">,
): Authentication {
  const publicKey = (of: NodeId): string | undefined => {
    return keys === null ? seedKeys(keySeed, of).publicKey : ownEntry(keys.publicKeys, of);
  };
  return {
    isTransferable: true,
    prove(text) {
      return signOnce(text, keys?.privateKey ?? seedKeys(keySeed, id).secretKey, publicKey(id));
    },
    isProven(text, from, proof) {
      const key = publicKey(from);
      return key !== undefined && isSignedOnce(text, proof, key);
    },
  };
}

/** A field of the record itself: names come from outside, and "constructor" is one. */
export function ownEntry<V>(record: Readonly<Record<string, V>>, name: string): V | undefined {
  return Object.prototype.hasOwnProperty.call(record, name) ? record[name] : undefined;
}
