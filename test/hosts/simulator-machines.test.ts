import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  Simulator,
  at,
  crash,
  drift,
  faultLabel,
  jumpClock,
  pause,
  restart,
} from "dabbawala/hosts";
import { resume } from "dabbawala/hosts";
import type { ClockOptions } from "dabbawala/hosts";
import { Clock } from "dabbawala/dist/hosts/simulator/clock";
import { Player, caught, oneMs, pair } from "./simulator-player";
import type { Ball } from "./simulator-player";

describe("clocks", () => {
  it("may be ahead or behind; messages and timers do not care", () => {
    const simulator = new Simulator<Ball, string>({ seed: 4, network: oneMs });
    simulator.add("n1", Player, { options: { balls: 2 }, clock: { skewMs: -300 } });
    simulator.add("n2", Player, { clock: { skewMs: 5_000 } });
    simulator.run({ untilMs: 100 });
    expect(caught(simulator)).toEqual(["0@5001", "1@5011"]);
    expect([simulator.clockOf("n1"), simulator.clockOf("n2")]).toEqual([-280, 5_020]);
    expect(simulator.nowMs).toBe(20);
  });

  it("drift, and timers go by them", () => {
    const simulator = pair({ balls: 3, placement: { clock: { driftPpm: 250_000 } } });
    simulator.run({ untilMs: 100 });
    expect(caught(simulator)).toEqual(["0@1", "1@9", "2@17"]);
    expect(simulator.clockOf("n1")).toBe(30);
  });

  it("may begin to drift, which stretches pending timers, and be right again", () => {
    const simulator = pair({ balls: 4 });
    simulator.schedule(at(5, drift(["n1"], -500_000)), at(25, drift(["n1"], 0)));
    simulator.run({ untilMs: 100 });
    // 5 ms are left at 5 and become 10; the next 10 become 20, of which 10 are left at 25.
    expect(caught(simulator)).toEqual(["0@1", "1@16", "2@31", "3@41"]);
    expect(simulator.clockOf("n1")).toBe(simulator.nowMs - 10);
  });

  it("jump forward and back, below 0 too, and timers do not", () => {
    const simulator = pair({ balls: 4 });
    simulator.schedule(at(5, jumpClock(["n2"], 1_000)), at(15, jumpClock(["n2"], -1_500)));
    simulator.run({ untilMs: 100 });
    expect(caught(simulator)).toEqual(["0@1", "1@1011", "2@-479", "3@-469"]);
    const jumping = pair({ balls: 4 });
    jumping.schedule(at(5, jumpClock(["n1"], 1_000)));
    jumping.run({ untilMs: 100 });
    expect(caught(jumping)).toEqual(["0@1", "1@11", "2@21", "3@31"]);
  });

  it("belong to machines and outlive a crash", () => {
    const simulator = new Simulator<Ball, string>({ seed: 4, network: oneMs });
    simulator.add("n1", Player, { machine: "m1", clock: { skewMs: 70 } });
    simulator.add("n2", Player, { machine: "m1" });
    simulator.schedule(at(5, jumpClock(["n2"], 7)), at(6, crash(["m1"])), at(7, restart(["m1"])));
    simulator.run({ untilMs: 10 });
    simulator.run({ untilMs: 10 });
    expect([simulator.clockOf("n1"), simulator.clockOf("n2")]).toEqual([84, 84]);
    expect(() => simulator.add("n3", Player, { machine: "m1", clock: { skewMs: 1 } })).toThrow(
      "machine m1 has its clock: give one with its first node only",
    );
  });

  it("never go back but by a jump, at any rate", () => {
    const act = fc.record({
      afterMs: fc.integer({ min: 0, max: 100_000 }),
      ppm: fc.integer({ min: -500_000, max: 500_000 }),
    });
    fc.assert(
      fc.property(fc.array(act), (acts) => {
        const clock = new Clock(0);
        let [nowMs, readMs] = [0, clock.read(0)];
        for (const { afterMs, ppm } of acts) {
          const before = clock.rate;
          nowMs += afterMs;
          expect(clock.read(nowMs)).toBeCloseTo(readMs + afterMs * before, 2);
          clock.drift(ppm, nowMs);
          expect(clock.read(nowMs)).toBeGreaterThanOrEqual(readMs);
          readMs = clock.read(nowMs);
        }
      }),
    );
  });

  it("refuse values that are none", () => {
    const refused = (clock: Partial<ClockOptions>): (() => unknown) => {
      return () => pair({ placement: { clock } });
    };
    expect(refused({ skewMs: NaN })).toThrow(/^clock.skewMs must be from .* but was NaN/);
    expect(refused({ driftPpm: 2e6 })).toThrow(
      "clock.driftPpm must be from -500000 to 500000, but was 2000000",
    );
    expect(refused({ skewSeconds: 1 } as object)).toThrow(
      'clock has no "skewSeconds"; there are skewMs, driftPpm',
    );
    const simulator = pair({});
    expect(() => simulator.schedule(at(1, jumpClock(["n1"], Infinity)))).toThrow("byMs must be");
    expect(() => simulator.schedule(at(1, drift(["n1"], -1e6)))).toThrow("ppm must be from");
    expect(() => simulator.schedule(at(1, drift(["n9"], 1)))).toThrow('node or machine "n9"');
  });

  it("have their faults told", () => {
    const labels = [jumpClock(["n1"], 40), jumpClock(["n1", "n2"], -4), drift(["n1"], 200)];
    expect(labels.map(faultLabel)).toEqual([
      "clock n1 jumps +40 ms",
      "clock n1 n2 jumps -4 ms",
      "clock n1 drifts +200 ppm",
    ]);
  });
});

describe("a pause", () => {
  it("does not stop the clock, and everything that waited comes in order", () => {
    const simulator = pair({ balls: 3, placement: { clock: { driftPpm: 250_000 } } });
    simulator.schedule(at(4, pause(["n1"])), at(80, resume(["n1"])), at(80.5, pause(["n2"])));
    simulator.schedule(at(120, resume(["n2"])));
    simulator.run({ untilMs: 200 });
    expect(caught(simulator)).toEqual(["0@1", "1@120", "2@120"]);
    expect(
      simulator.trace.map(({ event }) => event.kind).filter((kind) => /e$/.test(kind)),
    ).toEqual(["message", "pause", "resume", "pause", "resume", "message", "message"]);
  });
});

describe("bad options of the simulator", () => {
  it("are named", () => {
    const make = (given: object): (() => unknown) => {
      return () => new Simulator({ seed: 1, ...given });
    };
    expect(make({ isTracd: true })).toThrow(
      'the simulator has no "isTracd"; there are seed, network, disk, isTraced',
    );
    expect(() => pair({ placement: { startAtMs: -1 } })).toThrow("startAtMs must be from 0");
    expect(() => pair({ placement: { start: 1 } as object })).toThrow(
      'the placement of n1 has no "start"; there are options, peers, machine, clock, disk, startAtMs',
    );
    expect(() => pair({}).run({ untilMs: NaN })).toThrow("untilMs must be 0 or more, but was NaN");
    expect(() => pair({}).inject("c1", "n5", { type: "ball", number: 1 })).toThrow(
      'there is no node "n5"; there are n1, n2',
    );
  });
});
