/**
 * Ed25519 signatures (RFC 8032), which are deterministic: the same text has the same signature.
 *
 * Cost: what this program has signed or verified once it knows: up to `maxKnown` signatures.
 */
import { createPrivateKey, createPublicKey, sign, verify } from "crypto";
import type { KeyObject } from "crypto";
import type { NodeId } from "../../../protocol";
import type { Authentication, AuthenticationOptions, PbftKeys } from "./kinds";
import { digestOf } from "../encoding";

/** What precedes the 32 bytes of a key in its DER form: RFC 8410. */
const privatePrefix = Buffer.from("302e020100300506032b657004220420", "hex");
const publicPrefix = Buffer.from("302a300506032b6570032100", "hex");

/** Key objects are no plain data, so they are no fields of nodes; they are remembered here. */
const privateKeys = new Map<string, KeyObject>();
const publicKeys = new Map<string, KeyObject>();
const seedKeys = new Map<string, string>();
/** Signatures that are right, each with the key and the text that it is for. */
const known = new Map<string, string>();

const maxKeys = 10_000;
const maxKnown = 20_000;

function remember<V>(memory: Map<string, V>, key: string, value: V, limit: number): V {
  if (memory.size >= limit) memory.delete(memory.keys().next().value as string);
  memory.set(key, value);
  return value;
}

function privateKeyOf(raw: string): KeyObject {
  const der = Buffer.concat([privatePrefix, Buffer.from(raw, "base64url")]);
  return (
    privateKeys.get(raw) ??
    remember(
      privateKeys,
      raw,
      createPrivateKey({ key: der, format: "der", type: "pkcs8" }),
      maxKeys,
    )
  );
}

function publicKeyOf(raw: string): KeyObject {
  const der = Buffer.concat([publicPrefix, Buffer.from(raw, "base64url")]);
  return (
    publicKeys.get(raw) ??
    remember(publicKeys, raw, createPublicKey({ key: der, format: "der", type: "spki" }), maxKeys)
  );
}

/** The seed of a node's private key, where all follow from one seed. */
function privateFromSeed(keySeed: string, id: NodeId): string {
  return digestOf(JSON.stringify(["ed25519", keySeed, id]));
}

function publicFromSeed(keySeed: string, id: NodeId): string {
  const name = JSON.stringify([keySeed, id]);
  const key = seedKeys.get(name);
  if (key !== undefined) return key;
  return remember(seedKeys, name, publicOf(privateFromSeed(keySeed, id)), maxKeys);
}

function publicOf(privateKey: string): string {
  const der = createPublicKey(privateKeyOf(privateKey)).export({ format: "der", type: "spki" });
  return der.subarray(publicPrefix.length).toString("base64url");
}

/** Everybody's public keys, as the cluster's key list: what evidence is checked with. */
export function publicKeysOf(keySeed: string, ids: readonly NodeId[]): Record<NodeId, string> {
  return Object.fromEntries(ids.map((id) => [id, publicFromSeed(keySeed, id)]));
}

/** The keys of each node, to be given to it as its option `keys`; they follow from the seed. */
export function pbftKeys(keySeed: string, ids: readonly NodeId[]): Record<NodeId, PbftKeys> {
  const all = publicKeysOf(keySeed, ids);
  return Object.fromEntries(
    ids.map((id) => {
      const pairKeys = Object.fromEntries(
        ids.filter((other) => other !== id).map((other) => [other, pairKey(keySeed, id, other)]),
      );
      return [id, { privateKey: privateFromSeed(keySeed, id), publicKeys: all, pairKeys }];
    }),
  );
}

/** The secret that two nodes share, where all follow from one seed. */
export function pairKey(keySeed: string, one: NodeId, other: NodeId): string {
  const pair = one < other ? [one, other] : [other, one];
  return digestOf(JSON.stringify(["hmac", keySeed, ...pair]));
}

/** True when `signature` is that of `publicKey` over the text; never throws. */
export function isSigned(text: string, publicKey: string, signature: unknown): boolean {
  if (typeof signature !== "string" || signature.length !== 86) return false;
  const meaning = `${publicKey} ${text}`;
  if (known.get(signature) === meaning) return true;
  const bytes = Buffer.from(signature, "base64url");
  // Other characters in the spare bits would be the same signature in other words.
  if (bytes.toString("base64url") !== signature) return false;
  if (!verify(null, Buffer.from(text), publicKeyOf(publicKey), bytes)) return false;
  remember(known, signature, meaning, maxKnown);
  return true;
}

export function signatures(
  id: NodeId,
  { keySeed, keys }: Omit<AuthenticationOptions, "authentication">,
): Authentication {
  const publicKey = (of: NodeId): string | undefined => {
    return keys === null ? publicFromSeed(keySeed, of) : ownEntry(keys.publicKeys, of);
  };
  return {
    isTransferable: true,
    prove(text) {
      const raw = keys?.privateKey ?? privateFromSeed(keySeed, id);
      const signature = sign(null, Buffer.from(text), privateKeyOf(raw)).toString("base64url");
      remember(known, signature, `${publicKey(id) ?? publicOf(raw)} ${text}`, maxKnown);
      return signature;
    },
    isProven(text, from, proof) {
      const key = publicKey(from);
      return key !== undefined && isSigned(text, key, proof);
    },
  };
}

/** A field of the record itself: names come from outside, and "constructor" is one. */
export function ownEntry<V>(record: Readonly<Record<string, V>>, name: string): V | undefined {
  return Object.prototype.hasOwnProperty.call(record, name) ? record[name] : undefined;
}
