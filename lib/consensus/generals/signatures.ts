/** Signatures of generals, with keys that follow from their names: for experiments only. */
import { isSigned, signText, signingKeysOf } from "../../basics";
import type { SigningKeys } from "../../basics";
import type { NodeId } from "../../protocol";
import type { Order } from "./generals";

const keys = new Map<NodeId, SigningKeys>();
const mostKeys = 1_000;

function keysOf(general: NodeId): SigningKeys {
  const known = keys.get(general);
  if (known !== undefined) return known;
  if (keys.size >= mostKeys) keys.clear();
  const made = signingKeysOf(`the key of general ${general}`);
  keys.set(general, made);
  return made;
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
  const { secretKey } = keysOf(way[way.length - 1]);
  return [...signatures, signText(textOf(order, way, signatures), secretKey)];
}

/** Whether every general of the way has signed, each after the one before. */
export function areSigned(
  order: Order,
  way: readonly NodeId[],
  signatures: readonly unknown[],
): boolean {
  if (signatures.length !== way.length) return false;
  return signatures.every((signature, i) => {
    if (typeof signature !== "string") return false;
    const text = textOf(order, way.slice(0, i + 1), signatures.slice(0, i) as string[]);
    return isSigned(text, signature, keysOf(way[i]).publicKey);
  });
}
