/**
 * How long elections take and how often votes are split, against the closed form and against
 * chapter 9 of the thesis, which has them from a simulation of its own.
 */
import { describe, expect, it } from "vitest";
import { Raft } from "dabbawala/consensus";
import type { RaftMessage, RaftOptions, RaftTimer } from "dabbawala/consensus";
import { Simulator, at, crash, restart } from "dabbawala/hosts";
import type { Latency } from "dabbawala/hosts";
import type { Event, NodeId } from "dabbawala/protocol";
import type { RaftHost } from "dabbawala/dist/consensus/raft/storm/around-host";

interface Experiment {
  readonly seed: number;
  readonly servers: number;
  /** Followers that are down when the leader fails. */
  readonly failed: number;
  readonly latency: Latency;
  readonly timeoutMs: readonly [min: number, max: number];
  readonly trials: number;
}

interface Trial {
  /** From the crash of the leader, just after a heartbeat, to the next leader. */
  readonly electionMs: number;
  /** The first term in which somebody stood had no leader. */
  readonly isSplit: boolean;
}

/** Crashes one leader after another, each just after it has sent a heartbeat. */
function elections({ seed, servers, failed, latency, timeoutMs, trials }: Experiment): Trial[] {
  const ids = Array.from({ length: servers }, (_, i) => `n${i + 1}`);
  const results: Trial[] = [];
  let crashed: { atMs: number; leader: NodeId; firstTerm: number } | undefined;
  let isArmed = false;
  const simulator = new Simulator<RaftMessage, RaftTimer>({
    seed,
    isTraced: false,
    network: { latency },
    onNote: ({ atMs, label, detail }) => {
      const { term } = detail as { term: number };
      if (crashed === undefined) return;
      if (label === "becameCandidate") crashed.firstTerm ||= term;
      if (label !== "becameLeader") return;
      const isSplit = crashed.firstTerm !== term;
      results.push({ electionMs: atMs - crashed.atMs, isSplit });
      simulator.schedule(at(simulator.nowMs, restart([crashed.leader])));
      crashed = undefined;
      simulator.stop();
    },
  });
  class Watched extends Raft {
    override handle(event: Event<RaftMessage, RaftTimer>, host: RaftHost): void {
      super.handle(event, host);
      const isBeat =
        event.kind === "timer" && event.timer === "heartbeat" && this.role === "leader";
      if (!isBeat || !isArmed) return;
      isArmed = false;
      crashed = { atMs: host.nowMs, leader: this.id, firstTerm: 0 };
      simulator.schedule(at(host.nowMs, crash([this.id])));
    }
  }
  const [electionTimeoutMinMs, electionTimeoutMaxMs] = timeoutMs;
  const times = {
    electionTimeoutMinMs,
    electionTimeoutMaxMs,
    heartbeatMs: electionTimeoutMinMs / 3,
  };
  const options: Partial<RaftOptions> = { ...times, hasPreVote: false, snapshotEvery: 20 };
  for (const id of ids) simulator.add(id, Watched, { options });
  simulator.run({ untilMs: 4_000 });
  while (results.length < trials) {
    const down = ids.filter((id) => (simulator.nodeOf(id) as Raft).role !== "leader");
    simulator.schedule(at(simulator.nowMs, crash(down.slice(0, failed - 1))));
    isArmed = true;
    simulator.run({ untilMs: simulator.nowMs + 60_000 });
    simulator.schedule(at(simulator.nowMs, restart(ids)));
    simulator.run({ untilMs: simulator.nowMs + 1_000 });
  }
  return results;
}

/** At least c - 1 of s timeouts follow the first within the share `l` of their range. */
function splitRate(servers: number, alive: number, l: number): number {
  const needed = alive - Math.floor(servers / 2);
  let rate = 0;
  for (let k = needed; k <= alive; k++) {
    rate += choose(alive, k) * l ** k * (1 - l) ** (alive - k);
  }
  return rate;
}

function choose(n: number, k: number): number {
  return k === 0 ? 1 : (choose(n - 1, k - 1) * n) / k;
}

describe("split votes", () => {
  it("the closed form is the one of the reference: 5.23 % and 18.08 % of five servers, one failed", () => {
    expect(splitRate(5, 4, 0.1)).toBeCloseTo(0.0523, 4);
    expect(splitRate(5, 4, 0.2)).toBeCloseTo(0.1808, 4);
    expect(splitRate(5, 3, 0.2)).toBeCloseTo(0.488, 3);
    expect(splitRate(9, 5, 0.1)).toBeCloseTo(0.41, 3);
    expect(splitRate(9, 7, 0.2)).toBeCloseTo(0.148, 3);
  });

  it.each([
    [5, 1, 0.1],
    [5, 1, 0.2],
    [5, 2, 0.2],
  ])(
    "%i servers, %i failed, latency %f of the range: within three deviations",
    (servers, failed, l) => {
      const trials = 3_000;
      const latency = { kind: "constant", ms: 300 * l } as const;
      const timeoutMs = [300, 600] as const;
      const found = elections({ seed: 5, servers, failed, latency, timeoutMs, trials });
      const rate = found.filter(({ isSplit }) => isSplit).length / trials;
      const expected = splitRate(servers, servers - failed, l);
      const deviation = Math.sqrt((expected * (1 - expected)) / trials);
      expect(Math.abs(rate - expected)).toBeLessThan(3 * deviation);
    },
  );
});

describe("section 9.3, elections over a wide area: latency 30 to 40 ms, timeouts 300 to 600 ms", () => {
  it.each([
    [1, 475, 1_500],
    [2, 650, 3_000],
  ])(
    "with %i of 5 failed: %i ms in the mean within 7 in a hundred, 999 of 1,000 within %i ms",
    (failed, meanMs, worstMs) => {
      const latency = { kind: "uniform", minMs: 30, maxMs: 40 } as const;
      const timeoutMs = [300, 600] as const;
      const trials = 6_000;
      const found = elections({ seed: 6, servers: 5, failed, latency, timeoutMs, trials });
      const times = found.map(({ electionMs }) => electionMs);
      const mean = times.reduce((sum, ms) => sum + ms, 0) / trials;
      expect(Math.abs(mean / meanMs - 1)).toBeLessThan(0.07);
      const slow = times.filter((ms) => ms > worstMs).length / trials;
      expect(slow).toBeLessThan(0.001 + 3 * Math.sqrt(0.001 / trials));
    },
  );
});
