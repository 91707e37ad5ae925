/** What one thread does in a run: takes parts until none is open anywhere. */
import { Random } from "../../basics";
import { Deque, lost, none } from "./deque";
import { openAt, stopAt } from "./layout";
import type { TeamOrder, TeamSetup, ThreadTally } from "./layout";
import type { StealingProgram } from "./program";
import { CentralQueue } from "./central-queue";

/** Tries in vain before a thread sleeps for a moment, and leaves its core to others. */
const spins = 200;
const napMs = 0.2;

/** Throws what the program throws. */
export function runParts(
  program: StealingProgram,
  setup: TeamSetup,
  order: TeamOrder,
): ThreadTally {
  return new Loop(program, setup, order).run();
}

class Loop {
  private readonly control: Int32Array;
  private readonly deques: readonly Deque[];
  private readonly own: Deque;
  private readonly queue: CentralQueue;
  private readonly random: Random;
  /** Parts that nobody else sees: all of a static run, and those for which there was no room. */
  private readonly local: number[] = [];
  private readonly children: number[] = [];
  private readonly spawn = (part: number): void => void this.children.push(part);
  private tally = { sum: 0, parts: 0, spawned: 0, steals: 0, attempts: 0, busyMs: 0 };

  constructor(
    private readonly program: StealingProgram,
    private readonly setup: TeamSetup,
    private readonly order: TeamOrder,
  ) {
    this.control = new Int32Array(setup.control);
    this.deques = setup.deques.map((memory) => new Deque(memory));
    this.own = this.deques[setup.index];
    this.queue = new CentralQueue(setup.queue);
    this.random = new Random(order.seed, setup.index);
  }

  run(): ThreadTally {
    const start = performance.now();
    let idleMs = 0;
    this.keep(this.order.parts);
    while (Atomics.load(this.control, stopAt) === 0) {
      let part = this.take();
      if (part < 0) {
        const idleFrom = performance.now();
        part = this.wait();
        idleMs += performance.now() - idleFrom;
      }
      if (part < 0) break;
      this.tally.sum += this.program.run(part, this.spawn);
      this.tally.parts++;
      this.close();
    }
    return { ...this.tally, busyMs: performance.now() - start - idleMs };
  }

  /** A part has ended. Its children count before anybody can see them, or all would seem done. */
  private close(): void {
    const { children, control } = this;
    this.tally.spawned += children.length;
    if (children.length !== 1) Atomics.add(control, openAt, children.length - 1);
    if (children.length === 0) return;
    this.keep(children);
    children.length = 0;
  }

  private keep(parts: readonly number[]): void {
    const { policy } = this.order;
    let kept = 0;
    if (policy === "sharing") kept = this.queue.pushAll(parts);
    if (policy === "stealing") while (kept < parts.length && this.own.push(parts[kept])) kept++;
    for (let i = kept; i < parts.length; i++) this.local.push(parts[i]);
  }

  private take(): number {
    const part = this.local.pop();
    if (part !== undefined) return part;
    if (this.order.policy === "static") return none;
    if (this.order.policy === "sharing") return this.queue.take();
    return this.own.pop();
  }

  /** Looks for a part of others; `none` when all have ended. */
  private wait(): number {
    if (this.order.policy === "static") return none;
    for (let tries = 1; Atomics.load(this.control, openAt) > 0; tries++) {
      if (Atomics.load(this.control, stopAt) !== 0) return none;
      const part = this.order.policy === "sharing" ? this.queue.take() : this.steal();
      if (part >= 0) return part;
      if (tries % spins === 0) Atomics.wait(this.control, stopAt, 0, napMs);
    }
    return none;
  }

  private steal(): number {
    const others = this.deques.length - 1;
    if (others === 0) return none;
    const drawn = this.random.below(others);
    const victim = this.deques[drawn < this.setup.index ? drawn : drawn + 1];
    this.tally.attempts++;
    const part = victim.steal();
    if (part !== none && part !== lost) this.tally.steals++;
    return part;
  }
}
