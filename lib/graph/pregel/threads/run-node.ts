/** Runs one node on this thread, with real timers. */
import { Random } from "../../../basics";
import { step } from "../../../protocol";
import type { Effect, Message, Node, NodeId, Senses } from "../../../protocol";

export interface Surroundings {
  readonly send: (from: NodeId, to: NodeId, message: Message) => void;
  readonly note?: (label: string, detail: unknown) => void;
  readonly save?: (key: string, value: unknown) => void;
}

type AnyNode = Node<Message, string>;

/** Effects are performed in order; the node's chance begins at `seed`. */
export class RunningNode {
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly chance: Random;
  private readonly startMs = performance.now();

  constructor(
    private readonly node: AnyNode,
    private readonly around: Surroundings,
    seed: number,
  ) {
    this.chance = new Random(seed);
  }

  start(): void {
    this.perform(step(this.node, { kind: "start", saved: {} }, this.senses()));
  }

  hear(from: NodeId, message: Message): void {
    this.perform(step(this.node, { kind: "message", from, message }, this.senses()));
  }

  /** Its timers ring no more. */
  close(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
  }

  private senses(): Senses {
    return { nowMs: performance.now() - this.startMs, random: () => this.chance.next() };
  }

  private perform(effects: readonly Effect<Message, string>[]): void {
    for (const effect of effects) {
      if (effect.kind === "send") this.around.send(this.node.id, effect.to, effect.message);
      else if (effect.kind === "setTimer") this.setTimer(effect.timer, effect.afterMs);
      else if (effect.kind === "cancelTimer") clearTimeout(this.timers.get(effect.timer));
      else if (effect.kind === "save") this.around.save?.(effect.key, effect.value);
      else this.around.note?.(effect.label, effect.detail);
    }
  }

  private setTimer(timer: string, afterMs: number): void {
    clearTimeout(this.timers.get(timer));
    const ring = (): void => {
      this.perform(step(this.node, { kind: "timer", timer }, this.senses()));
    };
    this.timers.set(timer, setTimeout(ring, afterMs));
  }
}
