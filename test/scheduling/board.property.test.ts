/** Boards under random commands: counts that agree, and snapshots that change nothing. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Random } from "dabbawala/basics";
import { TaskBoard, boardMachine } from "dabbawala/scheduling";
import type { BoardCommand, BoardState, StampedCommand, TaskSpec } from "dabbawala/scheduling";

const settings = {
  ...{ leaseMs: 60, ageingMs: 20, patienceMs: 100, maxAttempts: 3, maxWaiting: 25, maxEnded: 30 },
  ...{ epochMs: 59_800, retentionMs: 400, maxDead: 5 },
  backoff: { baseMs: 10, capMs: 50 },
  weights: { dadar: 3 },
  limits: [
    { kind: "mail", perSecond: 50, burst: 2 },
    { tenant: "thane", perSecond: 80 },
  ],
};

/** Commands that a crowd of clients and three workers might give; whatever was answered last. */
class Crowd {
  private readonly random: Random;
  private count = 0;
  private sequence = 0;
  private nowMs = 0;
  private isDrained = false;
  private readonly begun: { id: string; attempt: number; worker: string }[] = [];

  constructor(seed: number) {
    this.random = new Random(seed);
  }

  next(): StampedCommand {
    this.nowMs += this.random.below(12);
    return { ...this.draw(), atMs: this.nowMs, from: "c1" };
  }

  hear(answer: unknown, worker = "w1"): void {
    const { leases = [] } = answer as { leases?: readonly { id: string; attempt: number }[] };
    for (const { id, attempt } of leases) this.begun.push({ id, attempt, worker });
  }

  private draw(): BoardCommand {
    const { random } = this;
    const some = (): string[] => [`t${random.below(this.count + 1)}`];
    const [what] = random.shuffle([
      ..."ssswwwwwwwwct",
      ...(this.isDrained || random.chance(0.1) ? "rdxkdd" : ""),
    ]);
    if (what === "s") return { op: "submit", tasks: this.tasks() };
    if (what === "w") return this.work();
    if (what === "c") return { op: "cancel", ids: some() };
    if (what === "r") return { op: "redrive", ids: [...some(), ...some()] };
    if (what === "d") return this.drain();
    if (what === "x") return { op: "discard", ids: some() };
    if (what === "k")
      return { op: "cron", name: "k", expression: "* * * * *", task: { kind: "k" } };
    return { op: "tick" };
  }

  private drain(): BoardCommand {
    this.isDrained = !this.isDrained;
    return { op: "drain", worker: null, isOver: !this.isDrained };
  }

  private tasks(): TaskSpec[] {
    const { random } = this;
    return Array.from({ length: 1 + random.below(3) }, () => ({
      id: random.chance(0.1) ? `t${random.below(this.count + 1)}` : `t${++this.count}`,
      kind: random.pick(["k", "k", "mail"]),
      tenant: random.pick(["dadar", "thane", "everyone"]),
      priority: random.below(10),
      ...(random.chance(0.3) && { after: [`t${Math.max(1, this.count - random.below(6))}`] }),
      ...(random.chance(0.2) && { delayMs: random.below(60) }),
      ...(random.chance(0.2) && { expiresMs: 1 + random.below(200) }),
      ...(random.chance(0.2) && { timeoutMs: 1 + random.below(40) }),
      ...(random.chance(0.2) && { needs: ["gpu"] }),
    }));
  }

  private work(): BoardCommand {
    const { random } = this;
    const worker = random.pick(["w1", "w2", "w3"]);
    const told = random.shuffle(this.begun).slice(0, 2);
    return {
      ...{ op: "work", worker, incarnation: [random.chance(0.03) ? 2 : 1, 7] },
      ...{ sequence: ++this.sequence, capacity: random.below(4) },
      capabilities: worker === "w1" ? ["k", "mail"] : ["k", "mail", "gpu"],
      finished: told.slice(0, 1).map(({ id, attempt }) => ({ id, attempt, result: 1 })),
      failed: told.slice(1).map(({ id, attempt }) => ({ id, attempt, reason: "no" })),
      ...(random.chance(0.2) && { held: this.begun.filter((one) => one.worker === worker) }),
    };
  }
}

const machine = boardMachine("task board of a test");

function throughSnapshot(state: BoardState): BoardState {
  return machine.fromJson(JSON.parse(JSON.stringify(machine.toJson(state))));
}

it("a board that was a snapshot in between goes on as one that was not", () => {
  fc.assert(
    fc.property(fc.nat(1e6), (seed) => {
      const crowd = new Crowd(seed);
      const [first, random] = [new TaskBoard(settings).state, new Random(seed, 1)];
      let second = new TaskBoard(settings).state;
      for (let i = 0; i < 150; i++) {
        const command = crowd.next();
        const answer = machine.apply(first, command);
        const other = machine.apply(second, command);
        expect(JSON.stringify(other)).toBe(JSON.stringify(answer));
        crowd.hear(answer, command.op === "work" ? command.worker : undefined);
        if (random.chance(0.1)) second = throughSnapshot(second);
      }
      expect(JSON.stringify(machine.toJson(second))).toBe(JSON.stringify(machine.toJson(first)));
    }),
    { numRuns: 30 },
  );
});

describe("counts", () => {
  it("what waits, runs and has ended is all that there is, and heaps hold what they should", () => {
    fc.assert(
      fc.property(fc.nat(1e6), (seed) => {
        const crowd = new Crowd(seed);
        const { state } = new TaskBoard(settings);
        for (let i = 0; i < 150; i++) {
          const command = crowd.next();
          const before = state.nowMs;
          crowd.hear(machine.apply(state, command));
          expect(state.nowMs).toBeGreaterThanOrEqual(before);
          check(state);
        }
      }),
      { numRuns: 30 },
    );
  });
});

function check(state: BoardState): void {
  const tasks = [...state.tasks.values()];
  const of = (status: string) => tasks.filter((task) => task.status === status);
  const statuses = Object.entries(state.statuses);
  expect(statuses.map(([status]) => of(status).length)).toEqual(statuses.map(([, count]) => count));
  expect(of("blocked").length + of("delayed").length + of("ready").length).toBe(state.waiting);
  const queued = tasks.filter(({ turn }) => turn.place >= 0);
  expect(queued.every(({ status }) => status === "ready")).toBe(true);
  expect(queued.length).toBe(of("ready").length);
  const held = [...state.workers.values()].flatMap((worker) => [...worker.held]);
  expect(held.sort()).toEqual(
    of("running")
      .map(({ spec }) => spec.id)
      .sort(),
  );
  const isInLine = lanesOf(state).every(({ tasks: lane, timer, rank }) => {
    return rank.place >= 0 === (lane.length > 0 && timer.place < 0);
  });
  expect(isInLine).toBe(true);
  // Nobody stands idle beside a task that could be begun.
  const pools = [...state.pools.values()];
  expect(pools.filter(({ lanes, idle }) => lanes.length > 0 && idle.length > 0)).toEqual([]);
}

function lanesOf(state: BoardState) {
  return [...state.tenants.values()].flatMap(({ lanes }) => [...lanes.values()]);
}
