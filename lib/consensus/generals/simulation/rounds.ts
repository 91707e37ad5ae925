/** Nodes in lock step: all messages of a round arrive, then the round ends for everybody. */
import { step } from "../../../protocol";
import type { Effect, Message, Node, NodeId } from "../../../protocol";

/** A message on its way. */
export interface Sent<M extends Message> {
  readonly from: NodeId;
  readonly to: NodeId;
  readonly message: M;
}

const senses = { nowMs: 0, random: () => 0 };

export type RoundNode<M extends Message> = Node<M, "round">;

/** What all send at the beginning. */
export function startAll<M extends Message>(nodes: readonly RoundNode<M>[]): Sent<M>[] {
  return nodes.flatMap((node) => sentBy(node.id, step(node, { kind: "start", saved: {} }, senses)));
}

/** One round: what they send at its end. */
export function endRound<M extends Message>(
  nodes: readonly RoundNode<M>[],
  arriving: readonly Sent<M>[],
): Sent<M>[] {
  for (const { from, to, message } of arriving) {
    const node = nodes.find(({ id }) => id === to);
    if (node !== undefined) step(node, { kind: "message", from, message }, senses);
  }
  return nodes.flatMap((node) =>
    sentBy(node.id, step(node, { kind: "timer", timer: "round" }, senses)),
  );
}

function sentBy<M extends Message>(
  from: NodeId,
  effects: readonly Effect<M, "round">[],
): Sent<M>[] {
  return effects.flatMap((effect) =>
    effect.kind === "send" ? [{ from, to: effect.to, message: effect.message }] : [],
  );
}

export function namesOf(generals: number): NodeId[] {
  return Array.from({ length: generals }, (_, i) => `n${i + 1}`);
}
