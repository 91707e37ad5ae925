/** Elections over time: two bullies in a partition, and how soon a new leader is there. */
import { describe, expect, it } from "vitest";
import { countRingElection, electionExplorer, measureFailovers } from "dabbawala/consensus";
import { raftElectionMessages, simulateElection } from "dabbawala/consensus";
import type { Among } from "dabbawala/consensus";
import { at, heal, partition } from "dabbawala/hosts";

describe("a partition of two and three, from 2 s to 4 s", () => {
  const faults = [at(2_000, partition(["n4", "n5"], ["n1", "n2", "n3"])), at(4_000, heal())];
  const leaders = (algorithm: Among, fromMs: number, untilMs: number): Set<number> => {
    const { looks } = simulateElection({ algorithm, seed: 3, faults, untilMs: 6_000 });
    const inTime = looks.filter(({ atMs }) => atMs > fromMs && atMs <= untilMs);
    return new Set(inTime.map(({ leaders: names }) => names.length));
  };

  it.each(["bully", "invitation"] as const)(
    "%s: one leader, two of them, one again",
    (algorithm) => {
      expect([...leaders(algorithm, 1_500, 2_000)]).toEqual([1]);
      expect([...leaders(algorithm, 3_000, 4_000)]).toEqual([2]);
      expect([...leaders(algorithm, 5_500, 6_000)]).toEqual([1]);
    },
  );

  it("Raft: two of two terms at most, and one once the other has heard", () => {
    expect(Math.max(...leaders("raft", 1_500, 6_000))).toBeLessThanOrEqual(2);
    expect([...leaders("raft", 5_500, 6_000)]).toEqual([1]);
  });
});

it.each(["bully", "invitation", "raft"] as const)(
  "%s: a new leader within 2 seconds",
  (algorithm) => {
    const found = measureFailovers({ algorithm, seed: 1, trials: 20 });
    expect(found).toHaveLength(20);
    for (const { tookMs, messages } of found) {
      expect(tookMs).toBeGreaterThan(20);
      expect(tookMs).toBeLessThan(2_000);
      expect(messages).toBeGreaterThan(4);
    }
  },
);

it.each([3, 4, 5, 8, 16])("Raft, %i servers: at best 3(n - 1) + 3(n - 2) messages", (nodes) => {
  const latency = { kind: "constant", ms: 2 } as const;
  const found = measureFailovers({ algorithm: "raft", seed: 1, trials: 30, nodes, latency });
  const counts = found.map(({ messages }) => messages);
  expect(Math.min(...counts)).toBe(raftElectionMessages(nodes));
});

it("an option that is wrong is named", () => {
  const look = (changes: object) => () =>
    simulateElection({ algorithm: "bully", seed: 1, untilMs: 100, ...changes } as never);
  expect(look({ algorithm: "dice" })).toThrow("algorithm must be one of bully, invitation, raft");
  expect(look({ lookMs: 0 })).toThrow("lookMs must be from 0.1");
  expect(look({ untilMs: NaN })).toThrow("untilMs must be from 0");
  const count = (changes: object) => () =>
    countRingElection({ algorithm: "lcr", nodes: 4, seed: 1, ...changes } as never);
  expect(count({ algorithm: "dice" })).toThrow("algorithm must be one of changRoberts, lcr");
  expect(count({ order: "up" })).toThrow("order must be one of rising, falling, random");
  expect(() => electionExplorer({ algorithm: "dice" } as never)).toThrow("algorithm must be one");
  expect(() => electionExplorer({ algorithm: "lcr", nodes: 9 })).toThrow(
    "nodes must be from 2 to 5",
  );
});
