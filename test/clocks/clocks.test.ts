import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  advanceVector,
  areSameVersions,
  compareVectors,
  contextOf,
  hasSeen,
} from "dabbawala/clocks";
import { mergeSiblings, mergeVectors, writeVersion } from "dabbawala/clocks";
import type { Siblings, VersionVector } from "dabbawala/clocks";

describe("version vectors", () => {
  it("compare as sets of events do", () => {
    expect(compareVectors({ a: 1 }, { a: 1, b: 0 })).toBe("equal");
    expect(compareVectors({ a: 1 }, { a: 1, b: 1 })).toBe("before");
    expect(compareVectors({ a: 2, b: 1 }, { b: 1 })).toBe("after");
    expect(compareVectors({ a: 2 }, { a: 1, b: 1 })).toBe("concurrent");
    expect(advanceVector({ a: 2 }, "a")).toEqual({ a: 3 });
    expect(advanceVector({}, "b")).toEqual({ b: 1 });
  });

  it("merge to the least that has seen both", () => {
    const vectors = fc.dictionary(fc.constantFrom("a", "b", "c"), fc.nat(3));
    const run = fc.property(vectors, vectors, vectors, (one, two, three) => {
      const merged = mergeVectors(one, two);
      for (const part of [one, two]) {
        expect(["before", "equal"]).toContain(compareVectors(part, merged));
      }
      expect(compareVectors(merged, mergeVectors(two, one))).toBe("equal");
      const left = mergeVectors(merged, three);
      expect(compareVectors(left, mergeVectors(one, mergeVectors(two, three)))).toBe("equal");
      expect(mergeVectors(merged, merged)).toEqual(merged);
    });
    fc.assert(run);
  });
});

/** Replicas that write, hand on and lose; each write notes whom it has really seen replaced. */
class World {
  readonly replicas: Siblings<string>[] = [[], [], []];
  readonly counts = [0, 0, 0];
  /** The values that a value's writer had seen, and theirs. */
  readonly seen = new Map<string, Set<string>>();
  private written = 0;
  /** What each of two clients read last. */
  readonly clients: { context: VersionVector; values: string[] }[] = [0, 1].map(() => {
    return { context: {}, values: [] };
  });

  read(client: number, replica: number): void {
    const siblings = this.replicas[replica];
    this.clients[client] = {
      context: contextOf(siblings),
      values: siblings.map(({ value }) => value),
    };
  }

  write(client: number, replica: number): void {
    const { context, values } = this.clients[client];
    const value = `v${++this.written}`;
    this.seen.set(value, new Set(values.flatMap((v) => [v, ...(this.seen.get(v) ?? [])])));
    const dot = { actor: `n${replica}`, count: ++this.counts[replica] };
    this.replicas[replica] = writeVersion(this.replicas[replica], { dot, past: context, value });
  }

  handOn(from: number, to: number): void {
    this.replicas[to] = mergeSiblings(this.replicas[to], this.replicas[from]);
  }

  /** What nobody has replaced. */
  maximal(): string[] {
    const replaced = new Set([...this.seen.values()].flatMap((values) => [...values]));
    return [...this.seen.keys()].filter((value) => !replaced.has(value)).sort();
  }
}

describe("dotted versions", () => {
  const actions = fc.array(
    fc.tuple(fc.constantFrom("read", "write", "handOn"), fc.nat(1), fc.nat(2), fc.nat(2)),
    { maxLength: 40 },
  );

  it("keep exactly the versions that no writer had seen, whatever the order", () => {
    const run = fc.property(actions, (list) => {
      const world = new World();
      for (const [what, client, one, other] of list) {
        if (what === "handOn") world.handOn(one, other);
        else world[what as "read" | "write"](client, one);
      }
      for (const [from, to] of [
        [0, 1],
        [1, 2],
        [2, 1],
        [2, 0],
      ]) {
        world.handOn(from, to);
      }
      for (const replica of world.replicas) {
        expect(replica.map(({ value }) => value).sort()).toEqual(world.maximal());
      }
    });
    fc.assert(run, { numRuns: 1_000 });
  });

  it("merge in any order and grouping to the same", () => {
    const run = fc.property(actions, (list) => {
      const world = new World();
      for (const [what, client, one, other] of list) {
        if (what === "handOn") world.handOn(one, other);
        else world[what as "read" | "write"](client, one);
      }
      const [a, b, c] = world.replicas;
      expect(mergeSiblings(a, b)).toEqual(mergeSiblings(b, a));
      const left = mergeSiblings(mergeSiblings(a, b), c);
      expect(left).toEqual(mergeSiblings(a, mergeSiblings(b, c)));
      expect(mergeSiblings(left, left)).toEqual(left);
      expect(areSameVersions(left, mergeSiblings(c, left))).toBe(true);
    });
    fc.assert(run);
  });

  it("tell apart two writes through one server at the same time", () => {
    const first = { dot: { actor: "a", count: 1 }, past: {}, value: "milk" };
    const second = { dot: { actor: "a", count: 2 }, past: {}, value: "tea" };
    const both = writeVersion([first], second);
    expect(both.map(({ value }) => value)).toEqual(["milk", "tea"]);
    const merged = { dot: { actor: "a", count: 3 }, past: contextOf(both), value: "milk, tea" };
    expect(writeVersion(both, merged)).toEqual([merged]);
    expect(hasSeen({ a: 2 }, { actor: "a", count: 3 })).toBe(false);
    expect(areSameVersions(both, [first])).toBe(false);
  });
});
