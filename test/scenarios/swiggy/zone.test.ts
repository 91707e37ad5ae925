/** A delivery zone whose leader stands still: two leaders, with a desk that fences and without. */
import { describe, expect, it } from "vitest";
import { simulateZone } from "dabbawala/scenarios/swiggy";
import { at, crash, cut, heal, pause, resume } from "dabbawala/hosts";

const busy = { customers: 3, orders: 40, everyMs: 50, joinMs: 1_000, untilMs: 8_000 } as const;
/** n3 leads; the servers no longer hear each other, but all hear desk and customers. */
const alone = [
  ...[at(1_000, cut(["n3"], ["n1", "n2"])), at(1_000, cut(["n1", "n2"], ["n3"]))],
  at(3_000, heal()),
];

describe("one zone", () => {
  it("in peace every order has one rider", () => {
    const { waits, cookedTwice, overloaded, refused } = simulateZone({ ...busy, seed: 1 });
    expect(waits).toHaveLength(120);
    expect(waits.every(({ waitMs }) => waitMs !== undefined && waitMs < 400)).toBe(true);
    expect([cookedTwice, overloaded, refused]).toEqual([[], [], 0]);
  });

  it("a leader that crashes is followed by the next, in a later epoch", () => {
    const { waits, registered } = simulateZone({
      ...busy,
      seed: 2,
      faults: [at(1_000, crash(["n3"]))],
    });
    expect(registered.map(({ leader }) => leader)).toContain("n2");
    const counts = registered.map(({ count }) => count);
    expect([...counts].sort((left, right) => left - right)).toEqual(counts);
    expect(waits.every(({ waitMs }) => waitMs !== undefined)).toBe(true);
  });

  it("two bullies without fencing give riders two orders, or orders two riders", () => {
    const found = [1, 2, 3, 4].map((seed) =>
      simulateZone({ ...busy, seed, isFenced: false, faults: alone }),
    );
    const wrong = found.map(
      ({ cookedTwice, overloaded }) => cookedTwice.length + overloaded.length,
    );
    expect(Math.max(...wrong)).toBeGreaterThan(0);
  });

  it("with fencing never, in 40 zones that are cut and stand still", () => {
    let refused = 0;
    for (let seed = 1; seed <= 40; seed++) {
      const still = [at(1_200, pause(["n3"])), at(1_900 + 20 * seed, resume(["n3"]))];
      const faults = seed % 2 === 0 ? alone : still;
      const run = simulateZone({ ...busy, seed, faults });
      expect([run.cookedTwice, run.overloaded]).toEqual([[], []]);
      expect(run.waits.every(({ waitMs }) => waitMs !== undefined)).toBe(true);
      refused += run.refused;
    }
    expect(refused).toBeGreaterThan(20);
  });
});

describe.each(["bully", "invitation", "raft"] as const)("a zone led by %s", (electedBy) => {
  const leaderAt = (seed: number): string => {
    const { registered } = simulateZone({ ...busy, seed, electedBy, untilMs: 1_500 });
    return registered.at(-1)?.leader ?? "";
  };

  it("has a new leader after a crash, in a later epoch, and every order gets its rider", () => {
    for (let seed = 1; seed <= 5; seed++) {
      const leader = leaderAt(seed);
      const run = simulateZone({
        ...{ ...busy, seed, electedBy, untilMs: 12_000 },
        faults: [at(1_500, crash([leader]))],
      });
      const later = run.registered.filter(({ atMs }) => atMs > 1_500);
      expect(later.length).toBeGreaterThan(0);
      expect(later.map(({ leader: next }) => next)).not.toContain(leader);
      const counts = run.registered.map(({ count }) => count);
      expect([...counts].sort((left, right) => left - right)).toEqual(counts);
      expect(run.waits.every(({ waitMs }) => waitMs !== undefined)).toBe(true);
      expect([run.cookedTwice, run.overloaded]).toEqual([[], []]);
    }
  });

  it("whose leader is cut off gives no rider two orders, if the desk fences", () => {
    for (let seed = 1; seed <= 10; seed++) {
      const leader = leaderAt(seed);
      const others = ["n1", "n2", "n3"].filter((id) => id !== leader);
      const faults = [
        ...[at(1_500, cut([leader], others)), at(1_500, cut(others, [leader]))],
        at(4_000, heal()),
      ];
      const run = simulateZone({ ...busy, seed, electedBy, faults, untilMs: 12_000 });
      expect([run.cookedTwice, run.overloaded]).toEqual([[], []]);
      expect(run.waits.every(({ waitMs }) => waitMs !== undefined)).toBe(true);
    }
  });
});

it("a zone is led by an election that there is", () => {
  expect(() => simulateZone({ ...busy, seed: 1, electedBy: "dice" as never })).toThrow(
    "electedBy must be one of bully, invitation, raft, but was dice",
  );
  expect(() => simulateZone({ ...busy, seed: 1, orders: -1 })).toThrow("orders must be from 0");
  expect(() => simulateZone({ ...busy, seed: 1, everyMs: 0 })).toThrow("everyMs must be from 1");
});
