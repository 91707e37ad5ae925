import { describe, expect, it } from "vitest";
import { checkLinearizable, keyValue } from "dabbawala/checks";
import { logCells, measureElections, raftVariants, simulateRaft } from "dabbawala/consensus";
import type { RaftSimulation, Roles } from "dabbawala/consensus";
import { crash, heal, partition } from "dabbawala/hosts";

const puts = Array.from({ length: 50 }, (_, i) => ({
  command: { op: "put", key: `k${i % 3}`, value: i },
}));
const gets = Array.from({ length: 50 }, (_, i) => ({ query: { op: "get", key: `k${i % 3}` } }));
const base: RaftSimulation = { seed: 3, clients: [{ operations: puts }, { operations: gets }] };

describe("a simulated cluster", () => {
  it("does what its clients ask, ends when they are done, and breaks no property", () => {
    const run = simulateRaft(base);
    expect(run.operations).toHaveLength(100);
    expect(run.operations.every(({ outcome }) => outcome === "ok")).toBe(true);
    expect(run.violation).toBeUndefined();
    expect(run.leaders).toHaveLength(1);
    expect(checkLinearizable(run.history, keyValue()).kind).toBe("linearizable");
    expect(run.trace).toEqual([]);
  });

  it("is the same for the same seed, and another for another", () => {
    const times = (seed: number): number[] =>
      simulateRaft({ ...base, seed }).operations.map(({ returnedAt }) => returnedAt);
    expect(times(3)).toEqual(times(3));
    expect(times(4)).not.toEqual(times(3));
  });

  it("takes at least 2 (n - 1) messages a write, and as heartbeats are rare little more", () => {
    for (const servers of [3, 5]) {
      const { messages, operations } = simulateRaft({
        seed: 1,
        servers,
        clients: [base.clients![0]!],
      });
      const each = messages / operations.length;
      expect(each).toBeGreaterThanOrEqual(2 * (servers - 1));
      expect(each).toBeLessThan(2 * (servers - 1) * 1.2);
    }
  });

  it("crashes whoever leads, and another takes over", () => {
    const faults = [{ atMs: 1_010, fault: ({ leader }: Roles) => crash([leader]) }];
    const { leaders, servers, operations } = simulateRaft({ ...base, servers: 5, faults });
    expect(leaders.map(({ term }) => term)).toEqual([1, 2]);
    expect(servers.map(({ id }) => id)).not.toContain(leaders[0]!.id);
    expect(operations).toHaveLength(100);
  });

  it("begins with the leader that is asked for", () => {
    const firsts = ["n1", "n2", "n3"].map((id) => simulateRaft({ ...base, firstLeader: id }));
    expect(firsts.map(({ leaders }) => leaders[0]!.id)).toEqual(["n1", "n2", "n3"]);
    expect(firsts.map(({ leaders }) => leaders.length)).toEqual([1, 1, 1]);
    expect(() => simulateRaft({ ...base, firstLeader: "n9" })).toThrow("n9");
  });

  it("shows the entries of a leader cut off: its own are not committed", () => {
    const run = simulateRaft({
      ...base,
      untilMs: 3_000,
      faults: [
        {
          atMs: 1_005,
          fault: ({ leader, followers }) => partition([leader, "c1"], [...followers, "c2"]),
        },
      ],
    });
    const cells = logCells(run.servers);
    const open = cells.filter(({ isCommitted }) => !isCommitted);
    expect(new Set(open.map(({ server }) => server))).toEqual(new Set([run.leaders[0]!.id]));
    expect(logCells(run.servers, 5).every(({ index }) => index >= 5)).toBe(true);
  });

  it("tells the first property that a broken server breaks", () => {
    const { server } = raftVariants.find(({ id }) => id === "no-log-check-in-the-vote")!;
    const clients = [{ operations: puts, thinkMs: 80, retryMs: 100 }];
    const slow = { clients, untilMs: 6_000 };
    const found = Array.from({ length: 40 }, (_, seed) => {
      const faults = Array.from({ length: 8 }, (_, i) => [
        { atMs: 1_010 + 400 * i, fault: heal() },
        {
          atMs: 1_010 + 400 * i,
          fault: ({ leader, followers }: Roles) =>
            partition([...(leader ? [leader] : []), ...followers.slice(0, 2)], followers.slice(2)),
        },
        { atMs: 1_200 + 400 * i, fault: heal() },
        {
          atMs: 1_200 + 400 * i,
          fault: ({ leader, followers }: Roles) => partition(leader ? [leader] : [], followers),
        },
      ]).flat();
      const options = { hasPreVote: false, hasCheckQuorum: false };
      return simulateRaft({ ...slow, seed, servers: 5, server, options, faults });
    });
    expect(found.some(({ violation }) => violation !== undefined)).toBe(true);
  });

  it("names an option that is wrong", () => {
    expect(() => simulateRaft({ seed: 1, servers: 0 })).toThrow("servers");
    expect(() => simulateRaft({ seed: 1, untilMs: -1 })).toThrow("untilMs");
    expect(() => simulateRaft({ seed: 1, options: { heartbeatMs: 200 } })).toThrow("heartbeatMs");
  });
});

describe("measured elections", () => {
  it("give up where all time out at once, and say so by the limit", () => {
    const timeoutMs = [150, 150.001] as const;
    const latency = { kind: "uniform", minMs: 5, maxMs: 10 } as const;
    const found = measureElections({ seed: 1, trials: 5, latency, timeoutMs, limitMs: 2_000 });
    expect(found.map(({ electedMs }) => electedMs)).toEqual([2_000, 2_000, 2_000, 2_000, 2_000]);
    expect(found.every(({ rounds, detectedMs }) => rounds > 5 && detectedMs < 170)).toBe(true);
  });

  it("say that no leader lasts when timeouts are under a round trip", () => {
    const latency = { kind: "constant", ms: 20 } as const;
    const far = { seed: 1, trials: 5, latency, timeoutMs: [12, 24] as const };
    expect(() => measureElections(far)).toThrow("no leader lasts");
  });

  it("name an option that is wrong", () => {
    expect(() => measureElections({ seed: 1, failed: 3 })).toThrow("failed");
    expect(() => measureElections({ seed: 1, servers: 2 })).toThrow("servers");
    expect(() => measureElections({ seed: 1, trials: 0 })).toThrow("trials");
  });
});
