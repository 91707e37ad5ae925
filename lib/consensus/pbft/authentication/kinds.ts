/**
 * How a node proves that it said something, in one shape with two makings. Keys come from a seed
 * that all nodes share, which suits simulations and tests, or are given node by node.
 *
 * Source: Castro and Liskov 1999, section 4 (signatures) and 5.2 (authenticators of codes).
 * Cost: Ed25519 takes about 0.1 ms to sign and 0.2 ms to verify, a code about 1 us; a proof of
 * codes grows with the number of receivers.
 */
import type { NodeId } from "../../../protocol";
import type { Proof } from "../messages";

export type AuthenticationKind = "signatures" | "macs";

export interface AuthenticationOptions {
  /**
   * "signatures": Ed25519, which proves to everybody. "macs": HMAC-SHA256, a code for each pair of
   * nodes, far cheaper, which proves to its receiver alone; changes of view are signed all the
   * same. The same for all nodes of a cluster. Default "signatures".
   */
  readonly authentication: AuthenticationKind;
  /** All nodes' keys follow from it where none are given. Default "dabbawala". */
  readonly keySeed: string;
  /** This node's keys; default null: from the seed. */
  readonly keys: PbftKeys | null;
}

/** What one node has: its own secrets, and what it knows of others. All are base64url. */
export interface PbftKeys {
  /** 32 bytes: the seed of the own Ed25519 key, as of RFC 8032. */
  readonly privateKey: string;
  /** Of everybody who may be heard, clients too: 32 bytes each. */
  readonly publicKeys: Readonly<Record<NodeId, string>>;
  /** Shared with each other node, 32 bytes each; needed for "macs" only. */
  readonly pairKeys: Readonly<Record<NodeId, string>>;
}

export interface Authentication {
  /** True when a proof convinces third parties too, so that it can be evidence. */
  readonly isTransferable: boolean;
  /** Proves to `audience` that the own node said this text. */
  prove(text: string, audience: readonly NodeId[]): Proof;
  /** Never throws, whatever the proof is. */
  isProven(text: string, from: NodeId, proof: unknown): boolean;
}

export const defaultAuthentication: AuthenticationOptions = {
  authentication: "signatures",
  keySeed: "dabbawala",
  keys: null,
};

/** Throws a RangeError that names the option that is wrong. */
export function checkAuthentication(options: AuthenticationOptions): void {
  const { authentication, keySeed, keys } = options;
  if (authentication !== "signatures" && authentication !== "macs") {
    throw new RangeError(`authentication must be signatures or macs, but was ${authentication}`);
  }
  if (typeof keySeed !== "string") throw new RangeError("keySeed must be a text");
  if (keys === null) return;
  const all = [keys.privateKey, ...Object.values(keys.publicKeys), ...Object.values(keys.pairKeys)];
  if (!all.every(isKey)) throw new RangeError("keys must be 32 bytes of base64url each");
}

/** 32 bytes, written in the one way that decoding gives back. */
function isKey(text: string): boolean {
  const bytes = Buffer.from(text, "base64url");
  return bytes.length === 32 && bytes.toString("base64url") === text;
}
