/** Raft on slow and torn disks: what the simulator's disks are for. */
import { describe, expect, it } from "vitest";
import { Raft, RaftClient, RaftInvariants } from "dabbawala/consensus";
import type { RaftMessage, RaftOptions, RaftTimer } from "dabbawala/consensus";
import { Simulator, coreAlone, randomFaults, swarm } from "dabbawala/hosts";
import type { Latency, SimulatedNote, SimulatorOptions } from "dabbawala/hosts";
import { aroundHost } from "dabbawala/protocol";
import type { Event, Host } from "dabbawala/protocol";

type RaftHost = Host<RaftMessage, RaftTimer>;
type RaftSimulator = Simulator<RaftMessage, RaftTimer>;

const names = ["n1", "n2", "n3"];
const operations = Array.from({ length: 200 }, (_, i) => ({
  command: { op: "append", key: `k${i % 3}`, value: `${i},` },
}));

/** The servers have this disk; the client's takes no time. */
function cluster(
  server: typeof Raft,
  { options, writeMs }: { options: Partial<RaftOptions>; writeMs: Latency },
  given: SimulatorOptions<RaftMessage, RaftTimer>,
): RaftSimulator {
  const simulator = new Simulator<RaftMessage, RaftTimer>({ isTraced: false, ...given });
  for (const id of names) simulator.add(id, server, { options, disk: { writeMs } });
  const client = { options: { operations, retryMs: 100 }, peers: names };
  simulator.add("c1", RaftClient, client);
  return simulator;
}

/** From a client's call to its answer, by the middle one of 200. */
function medianCommitMs(writeMs: number, hasParallelWrites: boolean): number {
  const times: number[] = [];
  let calledMs = 0;
  const hear = ({ node, label, atMs }: SimulatedNote): void => {
    if (node !== "c1") return;
    if (label === "invoke") calledMs = atMs;
    if (label === "ok") times.push(atMs - calledMs);
  };
  const disk = { kind: "constant", ms: writeMs } as const;
  const network = { latency: { kind: "constant", ms: 1 } } as const;
  const how = { options: { hasParallelWrites }, writeMs: disk };
  const simulator = cluster(Raft, how, { seed: 6, network, onNote: hear });
  simulator.run({ untilMs: 20_000 });
  expect(times).toHaveLength(operations.length);
  return times.sort((left, right) => left - right)[100]!;
}

describe("the latency of a commit", () => {
  it("is four messages and two writes, one after the other or side by side", () => {
    expect(medianCommitMs(0, false)).toBe(4);
    expect(medianCommitMs(10, false)).toBe(4 + 2 * 10);
    expect(medianCommitMs(10, true)).toBe(4 + 10);
  });
});

/** Answers first and saves then: quick, and wrong. */
class Hasty extends Raft {
  override handle(event: Event<RaftMessage, RaftTimer>, host: RaftHost): void {
    const saves: (readonly [string, unknown])[] = [];
    // What is saved now may change before the end of the step.
    const save = (key: string, value: unknown): void => {
      saves.push([key, structuredClone(value)]);
    };
    super.handle(event, aroundHost(host, { save }));
    for (const [key, value] of saves) host.save(key, value);
  }
}

/** The first property that is broken; undefined when the swarm breaks none. */
function stormed(server: typeof Raft, seed: number): string | undefined {
  const invariants = new RaftInvariants();
  let broken: string | undefined;
  class Watched extends server {
    override handle(event: Event<RaftMessage, RaftTimer>, host: RaftHost): void {
      super.handle(event, host);
      broken ??= invariants.observe(this)?.property;
      if (broken !== undefined) simulator.stop();
    }
  }
  const writeMs = { kind: "exponential", minMs: 0.5, tailMs: 20 } as const;
  const timeouts = { electionTimeoutMinMs: 30, electionTimeoutMaxMs: 50, heartbeatMs: 10 };
  const options = { ...timeouts, hasParallelWrites: seed % 2 === 0 };
  const simulator = cluster(Watched, { options, writeMs }, { seed });
  const crash = { everyMs: 20, minMs: 1, maxMs: 10, disk: "torn" } as const;
  const partition = { everyMs: 60, minMs: 5, maxMs: 60 };
  simulator.schedule(...randomFaults({ seed, names, untilMs: 3_000, crash, partition }));
  simulator.run({ untilMs: 3_500 });
  return broken;
}

describe("crashes with torn disks", () => {
  it("find no fault with Raft, and find the server that answers before it has saved", () => {
    const seeds = Array.from({ length: 20 }, (_, seed) => seed);
    expect(seeds.filter((seed) => stormed(Raft, seed) !== undefined)).toEqual([]);
    const found = seeds.map((seed) => stormed(Hasty, seed));
    expect(found.filter((property) => property === "leaderCompleteness").length).toBeGreaterThan(
      10,
    );
  });
});

describe("swarms of all faults", () => {
  it("leave a quorum that goes on, and every property unbroken", () => {
    for (let seed = 0; seed < 12; seed++) {
      const invariants = new RaftInvariants();
      const broken: unknown[] = [];
      class Watched extends Raft {
        override handle(event: Event<RaftMessage, RaftTimer>, host: RaftHost): void {
          super.handle(event, host);
          broken.push(...[invariants.observe(this) ?? []].flat());
        }
      }
      const writeMs = { kind: "exponential", minMs: 0.5, tailMs: 2 } as const;
      const simulator = cluster(Watched, { options: { snapshotEvery: 20 }, writeMs }, { seed });
      const { core, faults } = coreAlone({ seed, names, atMs: 3_000 });
      const drawn = swarm({ seed, names, untilMs: 3_000, quietMs: 0 });
      simulator.schedule(...randomFaults(drawn), ...faults);
      simulator.run({ untilMs: 3_000 });
      const before = invariants.committedCount;
      const operation = { command: { op: "put", key: "new", value: "new" } };
      simulator.inject("outside", "c1", { type: "submit", operation } as RaftMessage);
      simulator.run({ untilMs: 6_000 });
      expect(broken).toEqual([]);
      expect(core.every((id) => simulator.isUp(id))).toBe(true);
      expect(invariants.committedCount).toBeGreaterThan(before);
    }
  });
});
