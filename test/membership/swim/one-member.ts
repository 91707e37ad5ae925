/** One SWIM member, events made by hand, and the effects it asks for. */
import { Swim } from "dabbawala/membership";
import type { MemberStatus, SwimMessage, SwimOptions, SwimTimer } from "dabbawala/membership";
import type { Standing, Update } from "dabbawala/membership";
import { step } from "dabbawala/protocol";
import type { Effect, Event, NodeId } from "dabbawala/protocol";

type Effects = readonly Effect<SwimMessage, SwimTimer>[];
type MessageOf<K extends SwimMessage["type"]> = Extract<SwimMessage, { type: K }>;

export class OneMember {
  nowMs = 1_000;
  chance = 0.5;
  readonly swim: Swim;
  readonly saved: Record<string, unknown>;

  /** n1 among n2..; started, with what it has saved. */
  constructor(
    members = 5,
    options: Partial<SwimOptions> = {},
    saved: Record<string, unknown> = {},
  ) {
    const peers = Array.from({ length: members - 1 }, (_, i) => `n${i + 2}`);
    this.swim = new Swim("n1", peers, options);
    this.saved = saved;
    this.started = this.step({ kind: "start", saved });
    this.hear("n2", { type: "syncAnswer", initial: [], changed: [] });
  }

  readonly started: Effects;

  hear(from: NodeId, message: SwimMessage): Effects {
    return this.step({ kind: "message", from, message });
  }

  ring(timer: SwimTimer): Effects {
    return this.step({ kind: "timer", timer });
  }

  /** News on the back of a ping. */
  told(status: MemberStatus, member: NodeId, incarnation = 0, by: NodeId = "n5"): Effects {
    return this.hear("n2", ping([{ status, member, incarnation, by }]));
  }

  status(member: NodeId): Standing["status"] | undefined {
    return this.swim.standingOf(member)?.status;
  }

  private step(event: Event<SwimMessage, SwimTimer>): Effects {
    const senses = { nowMs: this.nowMs, random: () => this.chance };
    const effects = step(this.swim, event, senses);
    for (const effect of effects) if (effect.kind === "save") this.saved[effect.key] = effect.value;
    return effects;
  }
}

export function ping(updates: readonly Update[] = [], requestId = 77): MessageOf<"ping"> {
  return { type: "ping", requestId, updates };
}

export function sent<K extends SwimMessage["type"]>(
  effects: Effects,
  type: K,
): { to: NodeId; message: MessageOf<K> }[] {
  return effects.flatMap((effect) =>
    effect.kind === "send" && effect.message.type === type
      ? [{ to: effect.to, message: effect.message as MessageOf<K> }]
      : [],
  );
}

/** Delay of a timer that was set; undefined when it was not. */
export function delayOf(effects: Effects, timer: SwimTimer): number | undefined {
  const found = effects.find((effect) => effect.kind === "setTimer" && effect.timer === timer);
  return found?.kind === "setTimer" ? found.afterMs : undefined;
}
