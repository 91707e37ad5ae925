/**
 * One node in real time: runs its steps, keeps its timers, and holds back what it sends until all
 * that it has saved before is durable.
 *
 * Guarantees: a send leaves only when every earlier save of the node is durable, of this step or
 * of an earlier one, and sends leave in their order. A step that throws is a crash of the node:
 * nothing of the step gets out, and the node starts again from its saves.
 */
import { performance } from "perf_hooks";
import { step } from "../../protocol";
import type { Effect, Event, Node, NodeId } from "../../protocol";
import type { Disk } from "./disk-log";
import type { Counts } from "./metrics";
import { RealTimers, chance } from "./real-timers";

export interface NodeSurroundings {
  readonly counts: Counts;
  log(sentence: string): void;
  note(node: NodeId, label: string, detail: unknown): void;
  /** A message as JSON text, on its way now. */
  dispatch(from: NodeId, to: NodeId, text: string): void;
  /** There is something to flush. */
  stir(): void;
}

/** A message that waits until so many saves are durable. */
interface HeldSend {
  readonly after: number;
  readonly to: NodeId;
  readonly text: string;
}

/** Crashes in a row, without a step that works, after which the node stays down. */
const maxCrashes = 3;

export class RealNode {
  /** Characters of the messages that wait for the disk. */
  heldLength = 0;
  node: Node | undefined;
  private held: HeldSend[] = [];
  private readonly timers = new RealTimers();
  private crashes = 0;

  constructor(
    readonly id: NodeId,
    private readonly build: () => Node,
    private readonly disk: Disk,
    private readonly world: NodeSurroundings,
  ) {}

  start(): void {
    try {
      this.node = this.build();
    } catch (error) {
      return this.crash(error as Error);
    }
    this.run({ kind: "start", saved: this.disk.all() });
  }

  run(event: Event): void {
    if (this.node === undefined) return;
    this.world.counts.steps++;
    let effects: Effect[];
    try {
      effects = step(this.node, event, { nowMs: performance.now(), random: chance });
    } catch (error) {
      return this.crash(error as Error);
    }
    if (event.kind !== "start") this.crashes = 0;
    for (const effect of effects) this.perform(effect);
    this.world.stir();
  }

  /** Sends what waited for saves that are durable now. */
  release(): void {
    const { held, disk } = this;
    let count = 0;
    while (count < held.length && held[count].after <= disk.durable) {
      const { to, text } = held[count++];
      this.heldLength -= text.length;
      this.world.dispatch(this.id, to, text);
    }
    if (count > 0) this.held = held.slice(count);
  }

  flush(): void {
    this.disk.flush();
  }

  stop(): void {
    this.stopTimers();
    this.node = undefined;
    this.disk.close();
  }

  private perform(effect: Effect): void {
    switch (effect.kind) {
      case "send":
        return this.send(effect.to, JSON.stringify(effect.message));
      case "setTimer":
        return this.setTimer(effect.timer, effect.afterMs);
      case "cancelTimer":
        return this.timers.cancel(effect.timer);
      case "save":
        this.world.counts.saves++;
        return this.disk.put(effect.key, effect.value);
      case "note":
        return this.world.note(this.id, effect.label, effect.detail);
    }
  }

  private send(to: NodeId, text: string): void {
    const { disk } = this;
    if (this.held.length === 0 && disk.durable === disk.written) {
      return this.world.dispatch(this.id, to, text);
    }
    this.held.push({ after: disk.written, to, text });
    this.heldLength += text.length;
  }

  private setTimer(timer: unknown, afterMs: number): void {
    this.timers.set(timer, afterMs, () => this.run({ kind: "timer", timer }));
  }

  private crash(error: Error): void {
    this.world.counts.crashes++;
    this.world.log(`${this.id} has crashed: ${error.message.split("\n")[0]}`);
    this.stopTimers();
    this.node = undefined;
    this.crashes++;
    if (this.crashes < maxCrashes) this.start();
    else this.world.log(`${this.id} stays down after ${maxCrashes} crashes in a row`);
  }

  private stopTimers(): void {
    this.timers.stop();
  }
}
