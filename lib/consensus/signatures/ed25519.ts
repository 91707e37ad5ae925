/**
 * Signatures of nodes over texts: everybody can check them, and show them to others as evidence.
 *
 * Source: Ed25519, as `basics` has it. Ours derives the key of a node from its name and a common
 * `keySeed`, so that the nodes of a laboratory need no exchange of keys and every run signs alike;
 * who knows the seed can sign for everybody, so it is for laboratories only.
 * Assumes: nobody signs for another, though in a laboratory it could.
 * Guarantees: a text that passes was signed by that node.
 * Cost: that of `basics`; what was checked is remembered, so that a process checks a signature
 * once, however many nodes run in it.
 */
import { isSigned, signText, signingKeysOf } from "../../basics";
import type { SigningKeys } from "../../basics";
import type { NodeId } from "../../protocol";

export interface Signed {
  readonly signer: NodeId;
  readonly text: string;
  readonly signature: string;
}

const maxRemembered = 100_000;
const keys = new Map<string, SigningKeys>();
const checked = new Map<string, boolean>();

export function signAs(signer: NodeId, text: string, keySeed: string): string {
  return signText(text, keysOf(signer, keySeed).secretKey);
}

/** False for anything that is not this node's signature of this text; never throws. */
export function isSignedBy({ signer, text, signature }: Signed, keySeed: string): boolean {
  if (typeof signature !== "string" || signature.length > 200) return false;
  const name = JSON.stringify([keySeed, signer, signature, text]);
  return remembered(checked, name, () =>
    isSigned(text, signature, keysOf(signer, keySeed).publicKey),
  );
}

function keysOf(signer: NodeId, keySeed: string): SigningKeys {
  const name = JSON.stringify([keySeed, signer]);
  return remembered(keys, name, () => signingKeysOf(name));
}

function remembered<V>(memory: Map<string, V>, name: string, find: () => V): V {
  const known = memory.get(name);
  if (known !== undefined) return known;
  if (memory.size >= maxRemembered) memory.clear();
  const value = find();
  memory.set(name, value);
  return value;
}
