/** One node of the store, events made by hand, and the effects that it asks for. */
import { Dynamo } from "dabbawala/replication";
import type { DynamoMessage, DynamoOptions, DynamoTimer } from "dabbawala/replication";
import { step } from "dabbawala/protocol";
import type { Effect, NodeId } from "dabbawala/protocol";

export type Effects = Effect<DynamoMessage, DynamoTimer>[];
type MessageOf<K extends DynamoMessage["type"]> = Extract<DynamoMessage, { type: K }>;

export class OneNode {
  nowMs = 1_000;
  readonly saved = new Map<string, unknown>();
  private chances = 0;

  constructor(
    readonly dynamo: Dynamo,
    saved: Readonly<Record<string, unknown>> = {},
  ) {
    this.step({ kind: "start", saved });
  }

  hear(from: NodeId, message: DynamoMessage): Effects {
    return this.step({ kind: "message", from, message });
  }

  ring(timer: DynamoTimer): Effects {
    return this.step({ kind: "timer", timer });
  }

  private step(event: Parameters<typeof step<DynamoMessage, DynamoTimer>>[1]): Effects {
    const random = (): number => ((this.chances += 0.37), this.chances % 1);
    const effects = step(this.dynamo, event, { nowMs: this.nowMs, random });
    for (const effect of effects) {
      if (effect.kind === "save") this.saved.set(effect.key, structuredClone(effect.value));
    }
    return effects;
  }
}

/** n1 of a ring n1 to n5 with one partition, whose owners are the first three of its list. */
export function node(options: Partial<DynamoOptions> = {}, servers = 5): OneNode {
  const peers = Array.from({ length: servers - 1 }, (_, i) => `n${i + 2}`);
  return new OneNode(new Dynamo("n1", peers, { partitions: 1, ...options }));
}

export function sent<K extends DynamoMessage["type"]>(
  effects: Effects,
  type: K,
): { to: NodeId; message: MessageOf<K> }[] {
  return effects.flatMap((effect) =>
    effect.kind === "send" && effect.message.type === type
      ? [{ to: effect.to, message: effect.message as MessageOf<K> }]
      : [],
  );
}

export const put = (requestId: number, value: unknown, context = {}, key = "cart") =>
  ({ type: "put", requestId, key, value, context }) as const;
export const get = (requestId: number, key = "cart") => ({ type: "get", requestId, key }) as const;

/** A message that asks an owner, answered as if it had been done or nothing were there. */
export function stored(message: MessageOf<"store"> | MessageOf<"fetch">): MessageOf<"stored"> {
  const { operation, meant, type } = message;
  return { type: "stored", operation, meant, versions: type === "store" ? null : [] };
}
