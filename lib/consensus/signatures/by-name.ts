/**
 * Signatures of nodes over texts: everybody can check them, and show them to others as evidence.
 *
 * Source: Ed25519, as `basics` has it. Ours derives the key of a node from its name and a common
 * `keySeed`, so that the nodes of a laboratory need no exchange of keys and every run signs alike;
 * who knows the seed can sign for everybody, so it is for laboratories only.
 * Assumes: nobody signs for another, though in a laboratory it could.
 * Guarantees: a text that passes was signed by that node.
 * Cost: that of `once.ts`.
 */
import { signingKeysOf } from "../../basics";
import type { SigningKeys } from "../../basics";
import type { NodeId } from "../../protocol";
import { isSignedOnce, signOnce } from "./once";

export interface Signed {
  readonly signer: NodeId;
  readonly text: string;
  readonly signature: string;
}

export function signAs(signer: NodeId, text: string, keySeed: string): string {
  const { secretKey, publicKey } = keysOf(signer, keySeed);
  return signOnce(text, secretKey, publicKey);
}

/** False for anything that is not this node's signature of this text; never throws. */
export function isSignedBy({ signer, text, signature }: Signed, keySeed: string): boolean {
  return isSignedOnce(text, signature, keysOf(signer, keySeed).publicKey);
}

function keysOf(signer: NodeId, keySeed: string): SigningKeys {
  return signingKeysOf(JSON.stringify([keySeed, signer]));
}
