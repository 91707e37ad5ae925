import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadStorm, runStorms, shrinkStorm } from "dabbawala/hosts";
import type { ScheduledFault, ShrunkStorm } from "dabbawala/hosts";
import { traceText } from "dabbawala/protocol";

const beacon = loadStorm(join(__dirname, "beacon.cjs"));

function isKnownBug({ actions }: ShrunkStorm): boolean {
  const [first, second] = actions as readonly ScheduledFault[];
  if (first.fault.kind !== "crash" || second.fault.kind !== "restart") return false;
  return first.fault.disk === "lost" && first.fault.names[0] === second.fault.names[0];
}

describe("many storms", () => {
  it("find the planted bug, the same failures on one thread and on three", async () => {
    const progress: number[] = [];
    const onProgress = (done: number): void => void progress.push(done);
    const alone = await runStorms(beacon, { seeds: 40, workers: 1, onProgress });
    const together = await runStorms(beacon, { seeds: 40, workers: 3 });
    expect(alone.failures.length).toBeGreaterThan(20);
    expect(alone.failures.every(({ property }) => property === "beats grow")).toBe(true);
    expect(together).toEqual({ ...alone, workers: 3 });
    expect(progress).toEqual([4, 8, 12, 16, 20, 24, 28, 32, 36, 40]);
    const some = await runStorms(beacon, { seeds: 10, firstSeed: 11 });
    const within = ({ seed }: { seed: number }): boolean => seed > 10 && seed <= 20;
    expect(some.failures).toEqual(alone.failures.filter(within));
  });

  it("count what a node throws as a failure of its seed", async () => {
    const { failures } = await runStorms(beacon, { seeds: 3, workers: 1, variant: "frail" });
    expect(failures.map(({ seed, property }) => [seed, property])).toEqual([
      [1, "exception"],
      [2, "exception"],
      [3, "exception"],
    ]);
    expect(failures[0].detail).toContain("the third beat is too much");
  });

  it("refuse bad options in one sentence, and end when they are told to", async () => {
    await expect(runStorms(beacon, { seeds: 0 })).rejects.toThrow("seeds must be from 1");
    await expect(runStorms(beacon, { workers: 1.5 })).rejects.toThrow("workers must be a whole");
    await expect(runStorms(beacon, { variant: "wild" })).rejects.toThrow(
      'storm beacon has no variant "wild"; there are: frail',
    );
    const controller = new AbortController();
    const onProgress = (): void => controller.abort(new Error("enough"));
    const { signal } = controller;
    await expect(runStorms(beacon, { seeds: 1e6, onProgress, signal })).rejects.toThrow("enough");
  });
});

describe("a failing storm", () => {
  it("shrinks to the two faults that matter, and ends at the failure", async () => {
    const { failures } = await runStorms(beacon, { seeds: 40, workers: 1 });
    for (const { seed } of failures) {
      const shrunk = shrinkStorm(beacon.build(seed)) as ShrunkStorm;
      expect(shrunk.kind).toBe("fewest");
      expect(shrunk.actions).toHaveLength(2);
      expect(isKnownBug(shrunk)).toBe(true);
      expect(shrunk.actionsBefore).toBeGreaterThan(2);
      // A beacon beats 10 ms after it has come back.
      expect(shrunk.nowMs).toBe(shrunk.actions[1].atMs + 10);
      expect(shrunk.untilMs).toBe(shrunk.nowMs);
      const shorter = { ...shrunk, untilMs: shrunk.untilMs - 1 };
      expect(beacon.build(seed).run(shorter).failure).toBe(undefined);
    }
  });

  it("replays byte for byte", async () => {
    const { failures } = await runStorms(beacon, { seeds: 10, workers: 1 });
    const [{ seed }] = failures;
    const play = (): string => {
      const shrunk = shrinkStorm(beacon.build(seed));
      return traceText(beacon.build(seed).run({ ...shrunk, isTraced: true }).trace);
    };
    expect(play()).toBe(play());
    expect(play()).toContain("disk lost");
  });

  it("is shrunk as far as the given runs go, and a clean one not at all", async () => {
    const { failures } = await runStorms(beacon, { seeds: 40, workers: 1 });
    const failing = failures.map(({ seed }) => seed);
    const shrunk = shrinkStorm(beacon.build(failing[0]), { maxRuns: 3 });
    expect(shrunk).toMatchObject({ kind: "cut short", runs: 3 });
    const clean = Array.from({ length: 40 }, (_, i) => i + 1).find((i) => !failing.includes(i));
    expect(shrinkStorm(beacon.build(clean as number))).toBe(undefined);
  });
});
