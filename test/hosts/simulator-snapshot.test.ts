import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Raft, RaftClient } from "dabbawala/consensus";
import { Simulator, at, clog, crash, heal, partition, randomFaults, unclog } from "dabbawala/hosts";
import type { Snapshot } from "dabbawala/hosts";
import { traceText } from "dabbawala/protocol";
import { deepCopy } from "dabbawala/dist/hosts/simulator/deep-copy";
import { Player, caught, pair, ring } from "./simulator-player";
import type { BallSimulator } from "./simulator-player";

const often = { everyMs: 60, minMs: 5, maxMs: 60 };
const names = ["n1", "n2", "n3", "n4"];

/** Everything that a snapshot has to hold is in it: clogs, queues, clocks, disks, pauses... */
function stormy(seed: number, onNote?: () => void): BallSimulator {
  const simulator = ring(4, 60, {
    seed,
    ...(onNote !== undefined && { onNote }),
    network: {
      ...{ latency: { kind: "exponential", minMs: 1, tailMs: 4 }, lossRate: 0.05 },
      ...{ duplicateRate: 0.1, reorderRate: 0.1, bytesPerSecond: 9_000, isOrdered: true },
    },
    disk: { writeMs: { kind: "exponential", minMs: 1, tailMs: 4 } },
  });
  simulator.schedule(
    ...randomFaults({
      ...{ seed, names, untilMs: 500 },
      crash: { ...often, disk: "either" },
      pause: often,
      slow: { ...often, maxFactor: 4 },
      partition: { ...often, ringRate: 0.3 },
      network: { ...often, maxLossRate: 0.3, minBytesPerSecond: 3_000 },
      swizzle: often,
      drift: { ...often, maxPpm: 100_000 },
      jumpClock: { everyMs: 100, maxJumpMs: 1_000 },
      slowDisk: { ...often, maxWriteMs: 30 },
      corrupt: { maxMachines: 1 },
    }),
    at(100, clog(["n2"])),
    at(300, unclog(["n2"])),
  );
  return simulator;
}

function textTo(simulator: BallSimulator, untilMs: number): string {
  simulator.run({ untilMs });
  return traceText(simulator.trace);
}

describe("rewind", () => {
  it("runs on as an uninterrupted run does, byte for byte, as often as one likes", () => {
    const runs = fc.record({ seed: fc.nat(), atMs: fc.integer({ min: 0, max: 600 }) });
    fc.assert(
      fc.property(runs, ({ seed, atMs }) => {
        const whole = textTo(stormy(seed), 700);
        const simulator = stormy(seed);
        simulator.run({ untilMs: atMs });
        const snapshot = simulator.snapshot();
        expect(textTo(simulator, 700)).toBe(whole);
        for (let i = 0; i < 2; i++) {
          simulator.rewind(snapshot);
          expect(simulator.nowMs).toBe(snapshot.nowMs);
          expect(textTo(simulator, 700)).toBe(whole);
        }
      }),
      { numRuns: 10 },
    );
  });

  it("tries two futures from one past", () => {
    const simulator = pair({ balls: 6 });
    simulator.run({ untilMs: 25 });
    const past = simulator.snapshot();
    simulator.schedule(at(26, partition(["n1"], ["n2"])));
    simulator.run({ untilMs: 100 });
    expect(caught(simulator)).toHaveLength(3);
    const first = simulator.trace;
    simulator.rewind(past);
    expect(simulator.trace.length).toBeLessThan(first.length);
    simulator.run({ untilMs: 100 });
    expect(caught(simulator)).toHaveLength(6);
    // The first future's trace is still there to be drawn.
    expect(first.filter(({ event }) => event.kind === "lost")).toHaveLength(3);
  });

  it("forgets nodes and faults that came later", () => {
    const simulator = pair({ balls: 6 });
    simulator.run({ untilMs: 5 });
    const past = simulator.snapshot();
    simulator.add("n3", Player);
    simulator.schedule(at(20, crash(["n1"])), at(30, heal()));
    simulator.run({ untilMs: 50 });
    simulator.rewind(past);
    expect(() => simulator.isUp("n3")).toThrow('no node "n3"');
    simulator.run({ untilMs: 100 });
    expect([simulator.isUp("n1"), caught(simulator).length]).toEqual([true, 6]);
  });

  it("works for Raft with clients, snapshots and all", () => {
    const make = (): Simulator<never, never> => {
      const simulator = new Simulator<never, never>({
        ...{ seed: 5, network: { lossRate: 0.05 } },
        disk: { writeMs: { kind: "uniform", minMs: 1, maxMs: 3 } },
      });
      for (const id of ["n1", "n2", "n3"]) {
        simulator.add(id, Raft as never, { options: { snapshotEvery: 10 } as never });
      }
      const operations = Array.from({ length: 60 }, (_, i) => ({
        command: { op: "append", key: `k${i % 3}`, value: `${i},` },
      }));
      const options = { operations, retryMs: 100 } as never;
      simulator.add("c1", RaftClient as never, { peers: ["n1", "n2", "n3"], options });
      simulator.schedule(at(400, crash(["n1"])));
      return simulator;
    };
    const whole = make();
    whole.run({ untilMs: 1_500 });
    const text = traceText(whole.trace);
    expect(text).toContain("snapshot");
    const simulator = make();
    for (let untilMs = 100; untilMs < 1_500; untilMs += 200) {
      simulator.run({ untilMs });
      const past = simulator.snapshot();
      simulator.run({ untilMs: untilMs + 150 });
      simulator.rewind(past);
    }
    simulator.run({ untilMs: 1_500 });
    expect(traceText(simulator.trace)).toBe(text);
  });

  it("refuses a snapshot of another simulation, and one within a step", () => {
    const other = pair({ balls: 1 }).snapshot();
    expect(() => pair({ balls: 1 }).rewind(other)).toThrow(
      "this snapshot is of another simulation: rewind to one of this one",
    );
    const simulator: BallSimulator = pair(
      { balls: 1 },
      { onNote: () => void simulator.snapshot() },
    );
    expect(() => simulator.run({ untilMs: 10 })).toThrow("a snapshot is taken between two runs");
    expect(simulator.snapshot().nowMs).toBe(1);
  });
});

describe("fork", () => {
  it("goes its own way, and leaves the other alone", () => {
    const whole = textTo(stormy(3), 700);
    const simulator = stormy(3);
    simulator.run({ untilMs: 250 });
    const twin = simulator.fork();
    expect(textTo(twin, 700)).toBe(whole);
    expect(simulator.nowMs).toBe(250);
    const other = simulator.fork();
    other.schedule(at(251, crash(names)));
    expect(textTo(other, 700)).not.toBe(whole);
    expect(textTo(simulator, 700)).toBe(whole);
  });

  it("shares snapshots with its family, and builds nodes with its own others", () => {
    const simulator = stormy(8);
    simulator.run({ untilMs: 100 });
    const past: Snapshot<never, never> = simulator.snapshot() as never;
    const twin = simulator.fork();
    const whole = textTo(twin, 700);
    simulator.add("n5", Player);
    twin.rewind(past as never);
    expect(textTo(twin, 700)).toBe(whole);
  });

  it("may be heard by somebody else", () => {
    const heard: string[] = [];
    const simulator = pair({ balls: 4 }, { onNote: () => heard.push("first") });
    simulator.run({ untilMs: 15 });
    simulator.fork({ onNote: () => heard.push("twin") }).run({ untilMs: 100 });
    simulator.run({ untilMs: 100 });
    expect(heard).toEqual(["first", "first", "twin", "twin", "first", "first"]);
  });
});

describe("a copy in depth", () => {
  it("is equal and shares nothing that can change", () => {
    fc.assert(
      fc.property(fc.anything({ withMap: true, withSet: true, withTypedArray: true }), (value) => {
        expect(deepCopy(value)).toEqual(value);
      }),
    );
  });

  it("keeps classes, frozen objects, shared ones and circles", () => {
    class Pair {
      constructor(
        readonly left: { n: number },
        readonly right: { n: number },
        readonly names = new Map([["a", new Set([1])]]),
      ) {}
      self?: Pair;
    }
    const shared = { n: 1 };
    const value = new Pair(shared, shared);
    value.self = value;
    const twin = deepCopy(value);
    expect(twin).toBeInstanceOf(Pair);
    expect([twin.left === twin.right, twin.self === twin]).toEqual([true, true]);
    twin.left.n = 2;
    twin.names.get("a")!.add(2);
    expect([value.left.n, value.names.get("a")!.size]).toEqual([1, 1]);
    expect(Object.isFrozen(deepCopy(Object.freeze([1, 2])))).toBe(true);
    expect(Object.isFrozen(deepCopy(Object.freeze({ n: 1 })))).toBe(true);
    expect([...deepCopy(new Uint8Array([1, 2]))]).toEqual([1, 2]);
  });

  it("refuses what cannot be copied", () => {
    expect(() => deepCopy({ waiting: Promise.resolve() })).toThrow("Promise, WeakMap or WeakSet");
  });
});
