/** Signatures of generals, with keys that follow from their names: for experiments only. */
import { signingKeysOf } from "../../basics";
import type { SigningKeys } from "../../basics";
import type { NodeId } from "../../protocol";
import { isSignedOnce, signOnce } from "../signatures";
import type { Order } from "./generals";

function keysOf(general: NodeId): SigningKeys {
  return signingKeysOf(`the key of general ${general}`);
}

/** The last of the way signs the order and the signatures before its own. */
function textOf(order: Order, way: readonly NodeId[], signatures: readonly string[]): string {
  return JSON.stringify([order, way, signatures]);
}

/** The signatures with one more: that of the last general of the way, whose key this takes. */
export function signed(
  order: Order,
  way: readonly NodeId[],
  signatures: readonly string[],
): readonly string[] {
  const { secretKey, publicKey } = keysOf(way[way.length - 1]);
  return [...signatures, signOnce(textOf(order, way, signatures), secretKey, publicKey)];
}

/** Whether every general of the way has signed, each after the one before. */
export function areSigned(
  order: Order,
  way: readonly NodeId[],
  signatures: readonly unknown[],
): boolean {
  if (signatures.length !== way.length) return false;
  return signatures.every((signature, i) => {
    const text = textOf(order, way.slice(0, i + 1), signatures.slice(0, i) as string[]);
    return isSignedOnce(text, signature, keysOf(way[i]).publicKey);
  });
}
