/**
 * What tasks do to the world, once each: a ledger by task id. The first attempt that comes is
 * applied; others are told what was. An attempt that is older than one that has been here is not.
 *
 * Source: M. Kleppmann, "How to do distributed locking", 2016 (fencing tokens); idempotency keys.
 * Assumes: crash and recovery; what was saved is kept. Messages lost, late, twice.
 * Guarantees: one effect a task, whoever and however often asks for it.
 * Cost: a save and an answer an effect.
 */
import type { Event, Host, Node, NodeId } from "../protocol";
import type { EffectAnswer, EffectRequest, SchedulerMessage, SchedulerTimer } from "./messages";

interface Effect {
  readonly attempt: number;
  readonly value: unknown;
  /** 1, if the store does what it is there for. */
  readonly times: number;
}

type Outcome = EffectAnswer["outcome"];
type StoreHost = Host<SchedulerMessage, SchedulerTimer>;

export class EffectStore implements Node<SchedulerMessage, SchedulerTimer> {
  readonly effects = new Map<string, Effect>();

  /** `peers` are not asked for anything. */
  constructor(
    readonly id: NodeId,
    readonly peers: readonly NodeId[] = [],
    _options: Readonly<Record<string, never>> = {},
  ) {}

  handle(event: Event<SchedulerMessage, SchedulerTimer>, host: StoreHost): void {
    if (event.kind === "start") return this.restore(event.saved);
    if (event.kind !== "message" || event.message.type !== "effect") return;
    const { requestId, id, attempt } = event.message;
    const outcome = this.apply(event.message, host);
    host.send(event.from, { type: "effectDone", requestId, id, attempt, outcome });
  }

  private restore(saved: Readonly<Record<string, unknown>>): void {
    for (const [key, effect] of Object.entries(saved)) {
      if (key.startsWith("effect/")) {
        this.effects.set(key.slice("effect/".length), effect as Effect);
      }
    }
  }

  protected apply({ id, attempt, value }: EffectRequest, host: StoreHost): Outcome {
    const known = this.effects.get(id);
    if (known !== undefined) {
      const isStale = attempt < known.attempt;
      host.note(isStale ? "late" : "known", { id, attempt, applied: known.attempt });
      return isStale ? { kind: "stale" } : { kind: "known", value: known.value };
    }
    this.keep(id, { attempt, value, times: 1 }, host);
    return { kind: "applied", value };
  }

  protected keep(id: string, effect: Effect, host: StoreHost): void {
    this.effects.set(id, effect);
    host.save(`effect/${id}`, effect);
    host.note("effect", { id, attempt: effect.attempt });
  }
}
