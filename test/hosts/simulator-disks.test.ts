import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Simulator, at, corrupt, crash, faultLabel, pause, restart, resume } from "dabbawala/hosts";
import { slowDisk } from "dabbawala/hosts";
import type { Latency } from "dabbawala/hosts";
import { spaceTime } from "dabbawala/figures";
import type { Event, Host } from "dabbawala/protocol";
import { Player, caught, oneMs, pair } from "./simulator-player";
import type { Ball, BallSimulator } from "./simulator-player";

const fiveMs: Latency = { kind: "constant", ms: 5 };
const disk = { writeMs: fiveMs };
const saver = { balls: 4, isSaving: true };

function savedBalls(simulator: BallSimulator): unknown[] {
  return Object.values(simulator.savedOf("n1"));
}

function reasons(simulator: BallSimulator): string[] {
  return simulator.trace.flatMap(({ event }) => (event.kind === "lost" ? event.reason : []));
}

describe("a disk", () => {
  it("saves a copy of what a node may change, and a message as it is", () => {
    class Keeper extends Player {
      private readonly list = [1];
      override handle(event: Event<Ball, string>, host: Host<Ball, string>): void {
        if (event.kind !== "message") return;
        host.save("ball", event.message);
        host.save("list", this.list);
        this.list.push(2);
      }
    }
    const simulator = new Simulator<Ball, string>({ seed: 1, network: oneMs });
    simulator.add("n1", Keeper);
    const ball = Object.freeze({ type: "ball", number: 7 });
    simulator.inject("n2", "n1", ball);
    simulator.run({ untilMs: 9 });
    expect(simulator.savedOf("n1")).toEqual({ ball, list: [1] });
    expect(simulator.savedOf("n1")["ball"]).toBe(ball);
  });
});

describe("a slow disk", () => {
  it("lets messages leave when the saves before them are durable, and timers ring in time", () => {
    const simulator = pair({ ...saver, placement: { disk } });
    simulator.run({ untilMs: 3 });
    expect(simulator.savedOf("n1")).toEqual({});
    simulator.run({ untilMs: 100 });
    expect(caught(simulator)).toEqual(["0@6", "1@16", "2@26", "3@36"]);
    expect(savedBalls(simulator)).toEqual([0, 1, 2, 3]);
  });

  it("is every node's when the simulator has it", () => {
    const simulator = pair(saver, { disk });
    simulator.run({ untilMs: 100 });
    expect(caught(simulator)[0]).toBe("0@6");
    const own = pair({ ...saver, placement: { disk: { writeMs: { kind: "constant", ms: 2 } } } });
    own.run({ untilMs: 100 });
    expect(caught(own)[0]).toBe("0@3");
  });

  it("writes together what comes while it writes", () => {
    const simulator = pair({ ...saver, balls: 6, everyMs: 2, placement: { disk } });
    simulator.run({ untilMs: 100 });
    // Saves at 0, 2, 4, 6, 8, 10; writes from 0, 5, 10 and 15: the last save is late for the third.
    expect(caught(simulator)).toEqual(["0@6", "1@11", "2@11", "3@16", "4@16", "5@21"]);
  });

  it("holds later sends too, but not those before the save", () => {
    class Early extends Player {
      override handle(event: Event<Ball, string>, host: Host<Ball, string>): void {
        if (event.kind === "start") {
          host.send("n2", { type: "ball", number: 0 });
          host.save("key", "value");
          host.setTimer("later", 2);
        }
        if (event.kind === "timer") host.send("n2", { type: "ball", number: 1 });
      }
    }
    const simulator = new Simulator<Ball, string>({ seed: 1, network: oneMs });
    simulator.add("n1", Early, { disk });
    simulator.add("n2", Player);
    simulator.run({ untilMs: 100 });
    expect(caught(simulator)).toEqual(["0@1", "1@6"]);
  });

  it("draws from its distribution, and changes no other chance", () => {
    const network = { latency: { kind: "uniform", minMs: 1, maxMs: 9 } } as const;
    const times = (writeMs: Latency | undefined): number[] => {
      const given = { network, ...(writeMs !== undefined && { disk: { writeMs } }) };
      const simulator = pair({ ...saver, balls: 50, everyMs: 100 }, given);
      simulator.run({ untilMs: 1e5 });
      return caught(simulator).map((ball) => Number(ball.split("@")[1]) % 100);
    };
    const without = times(undefined);
    const waits = times({ kind: "uniform", minMs: 10, maxMs: 30 }).map((ms, i) => ms - without[i]!);
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(10);
    expect(Math.max(...waits)).toBeLessThan(30);
    expect(new Set(waits).size).toBeGreaterThan(40);
  });

  it("may be slow for a while", () => {
    const simulator = pair(saver);
    simulator.schedule(at(5, slowDisk(["n1"], fiveMs)), at(25, slowDisk(["n1"])));
    simulator.run({ untilMs: 100 });
    expect(caught(simulator)).toEqual(["0@1", "1@16", "2@26", "3@31"]);
    expect([slowDisk(["n1"], fiveMs), slowDisk(["n1"])].map(faultLabel)).toEqual([
      "disk n1 writes in 5 ms",
      "disk n1 as before",
    ]);
  });

  it("goes on while its node is paused, but nothing is sent", () => {
    const simulator = pair({ ...saver, balls: 1, placement: { disk } });
    simulator.schedule(at(2, pause(["n1"])), at(50, resume(["n1"])));
    simulator.run({ untilMs: 40 });
    expect(simulator.savedOf("n1")).toEqual({ "thrown/0": 0 });
    simulator.run({ untilMs: 100 });
    expect(caught(simulator)).toEqual(["0@51"]);
  });

  it("refuses values that are none", () => {
    const bad = { kind: "constant", ms: -1 } as const;
    expect(() => pair({ placement: { disk: { writeMs: bad } } })).toThrow(
      "disk.writeMs.ms must be from 0 to 86400000, but was -1",
    );
    expect(() => pair({}, { disk: { readMs: bad } as object })).toThrow(
      'disk has no "readMs"; there are writeMs',
    );
    const simulator = pair({});
    expect(() => simulator.schedule(at(1, slowDisk(["n1"], bad)))).toThrow("writeMs.ms must be");
    expect(() => simulator.schedule(at(1, crash(["n1"], "half" as "torn")))).toThrow(
      "disk must be one of kept, lost, torn, but was half",
    );
    expect(() => simulator.schedule(at(1, corrupt(["n4"])))).toThrow('node or machine "n4"');
  });
});

describe("a crash while a slow disk writes", () => {
  it("loses the saves that are not durable, and the messages that wait for them", () => {
    const simulator = pair({ ...saver, placement: { disk } });
    simulator.schedule(at(13, crash(["n1"])), at(20, restart(["n1"])));
    simulator.run({ untilMs: 19 });
    expect(simulator.savedOf("n1")).toEqual({ "thrown/0": 0 });
    expect(reasons(simulator)).toEqual(["unsent"]);
    simulator.run({ untilMs: 21 });
    expect((simulator.nodeOf("n1") as Player).startedWith).toEqual({ "thrown/0": 0 });
  });

  it("is drawn at the sender: the message has never left its line", () => {
    const simulator = pair({ ...saver, balls: 1, placement: { disk } });
    simulator.schedule(at(3, crash(["n1"])));
    simulator.run({ untilMs: 50 });
    const drawing = spaceTime(simulator.trace, { title: "A crash", caption: "unsent" });
    expect(drawing.toText()).toContain("n1 -> n2  ball (unsent 3 ms)");
    const dashed = /<line [^>]*y1="([\d.]+)"[^>]*y2="([\d.]+)"[^>]*"5 3"/.exec(drawing.toSvg())!;
    expect(dashed[1]).toBe(dashed[2]);
  });

  it("is no matter to a disk that takes no time", () => {
    const simulator = pair(saver);
    simulator.schedule(at(11, crash(["n1"], "torn")));
    simulator.run({ untilMs: 50 });
    expect(savedBalls(simulator)).toEqual([0, 1]);
    expect(reasons(simulator)).toEqual([]);
  });

  /** Saves five things at its start and then tells n2. */
  class Burst extends Player {
    override handle(event: Event<Ball, string>, host: Host<Ball, string>): void {
      if (event.kind === "start" && Object.keys(event.saved).length === 0) {
        for (let i = 0; i < 5; i++) host.save(`part/${i}`, i);
        host.send("n2", { type: "ball", number: 5 });
      } else super.handle(event, host);
    }
  }

  it("tears the last write: some first saves of it are there, others not", () => {
    const lengths = new Set<number>();
    for (let seed = 0; seed < 60; seed++) {
      const simulator = new Simulator<Ball, string>({ seed, network: oneMs, disk });
      simulator.add("n1", Burst);
      simulator.add("n2", Player);
      simulator.schedule(at(3, crash(["n1"], "torn")), at(4, restart(["n1"])));
      simulator.run({ untilMs: 3.5 });
      const saved = savedBalls(simulator);
      expect(saved).toEqual([0, 1, 2, 3, 4].slice(0, saved.length));
      lengths.add(saved.length);
    }
    expect([...lengths].sort()).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it("never loses a save before a message that has left, whatever the disk and the moment", () => {
    const moments = fc.record({
      seed: fc.nat(),
      ms: fc.integer({ min: 0, max: 20 }),
      crashMs: fc.integer({ min: 0, max: 200 }),
      left: fc.constantFrom("kept" as const, "torn" as const),
    });
    fc.assert(
      fc.property(moments, ({ seed, ms, crashMs, left }) => {
        const writeMs = { kind: "exponential", minMs: 0, tailMs: ms } as const;
        const simulator = pair({ ...saver, balls: 30, everyMs: 5 }, { seed, disk: { writeMs } });
        simulator.schedule(at(crashMs, crash(["n1"], left)));
        simulator.run({ untilMs: 1_000 });
        const saved = savedBalls(simulator);
        expect(saved).toEqual(saved.map((_, i) => i));
        expect(caught(simulator).length).toBeLessThanOrEqual(saved.length);
        const unsent = reasons(simulator).length;
        const thrown = simulator.trace.flatMap(({ effects }) =>
          effects.filter(({ kind }) => kind === "send"),
        );
        expect(caught(simulator).length + unsent).toBe(thrown.length);
      }),
    );
  });
});

describe("a bit that flips on a disk", () => {
  it("keeps the node from starting again, and the trace says so", () => {
    const simulator = pair(saver);
    simulator.schedule(at(12, corrupt(["n1"])), at(25, crash(["n1"])), at(28, restart(["n1"])));
    simulator.run({ untilMs: 100 });
    expect(caught(simulator)).toHaveLength(3);
    expect(simulator.isUp("n1")).toBe(false);
    expect(simulator.trace.at(-1)!).toMatchObject({
      ...{ atMs: 28, node: "n1" },
      event: { label: "n1 refuses to start: the checksum of a save is wrong" },
    });
  });

  it("is over with a new disk, and does nothing to an empty one", () => {
    const simulator = pair(saver);
    simulator.schedule(at(12, corrupt(["n1", "n2"])), at(25, crash(["n1", "n2"])));
    simulator.schedule(at(27, crash(["n1"], "lost")), at(28, restart(["n1", "n2"])));
    simulator.run({ untilMs: 29 });
    expect((simulator.nodeOf("n1") as Player).startedWith).toEqual({});
    expect(simulator.isUp("n2")).toBe(true);
  });
});
