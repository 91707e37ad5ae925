/** One Chord node, events made by hand, and the effects it asks for. */
import { Chord } from "dabbawala/partitioning";
import type { ChordMessage, ChordOptions, ChordTimer } from "dabbawala/partitioning";
import { step } from "dabbawala/protocol";
import type { Effect, Event, NodeId } from "dabbawala/protocol";

type Effects = readonly Effect<ChordMessage, ChordTimer>[];
export type MessageOf<K extends ChordMessage["type"]> = Extract<ChordMessage, { type: K }>;

/** On a circle of 64 places, as in the paper's figures: n8 stands at 8, key k10 at 10. */
const named = Array.from({ length: 64 }, (_, place) => [
  [`n${place}`, place],
  [`k${place}`, place],
]).flat();

export const circle = {
  bits: 6,
  places: Object.fromEntries(named),
  successors: 3,
  attempts: 1,
} as const;

/** The ten nodes of figures 2, 3 and 4. */
export const figure = [1, 8, 14, 21, 32, 38, 42, 48, 51, 56].map((place) => `n${place}`);

export class OneNode {
  readonly chord: Chord;
  readonly saved: Record<string, unknown>;
  readonly started: Effects;

  constructor(
    id: NodeId,
    options: Partial<ChordOptions> = {},
    saved: Record<string, unknown> = {},
    protocol: typeof Chord = Chord,
  ) {
    this.chord = new protocol(id, [], { ...circle, founders: figure, ...options });
    this.saved = saved;
    this.started = this.step({ kind: "start", saved });
  }

  hear(from: NodeId, message: ChordMessage): Effects {
    return this.step({ kind: "message", from, message });
  }

  ring(timer: ChordTimer): Effects {
    return this.step({ kind: "timer", timer });
  }

  /** A member that answers what it is asked, to see what this node does with it. */
  answer(
    call: Sent<"state"> | undefined,
    known: { predecessor?: NodeId; successors?: readonly NodeId[] },
  ): Effects {
    const { to, message } = call as Sent<"state">;
    const { predecessor = null, successors = [] } = known;
    const { requestId } = message;
    return this.hear(to, { type: "stateIs", requestId, predecessor, successors });
  }

  private step(event: Event<ChordMessage, ChordTimer>): Effects {
    const effects = step(this.chord, event, { nowMs: 0, random: () => 0.5 });
    for (const effect of effects) if (effect.kind === "save") this.saved[effect.key] = effect.value;
    return effects;
  }
}

export interface Sent<K extends ChordMessage["type"]> {
  readonly to: NodeId;
  readonly message: MessageOf<K>;
}

export function sent<K extends ChordMessage["type"]>(effects: Effects, type: K): Sent<K>[] {
  return effects.flatMap((effect) =>
    effect.kind === "send" && effect.message.type === type
      ? [{ to: effect.to, message: effect.message as MessageOf<K> }]
      : [],
  );
}

export function noted(effects: Effects, label: string): unknown[] {
  return effects.flatMap((effect) =>
    effect.kind === "note" && effect.label === label ? [effect.detail] : [],
  );
}
