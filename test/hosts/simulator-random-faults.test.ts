import { describe, expect, it } from "vitest";
import { Simulator, coreAlone, faultLabel, randomFaults, swarm } from "dabbawala/hosts";
import type { Fault, RandomFaultOptions, ScheduledFault, SwarmOptions } from "dabbawala/hosts";
import { Raft, RaftClient } from "dabbawala/consensus";
import type { RaftMessage, RaftTimer } from "dabbawala/consensus";
import { faultKinds } from "dabbawala/dist/hosts/simulator/random-fault-options";
import { ring } from "./simulator-player";

const names = ["n1", "n2", "n3", "n4", "n5"];
const untilMs = 4_000;
const often = { everyMs: 100, minMs: 5, maxMs: 200 };
const every: Omit<RandomFaultOptions, "seed"> = {
  ...{ names, untilMs },
  crash: { ...often, disk: "any" },
  pause: often,
  slow: { ...often, maxFactor: 8 },
  partition: { ...often, ringRate: 0.4 },
  network: { ...often, maxLossRate: 0.3, minBytesPerSecond: 10_000 },
  clog: often,
  swizzle: often,
  drift: { ...often, maxPpm: 50_000 },
  jumpClock: { everyMs: 200, maxJumpMs: 5_000 },
  slowDisk: { ...often, maxWriteMs: 40 },
  corrupt: { maxMachines: 2 },
};

/** What is still amiss after these faults, as words. */
function amiss(faults: readonly ScheduledFault[]): string[] {
  const open = new Set<string>();
  for (const { fault } of faults) {
    const [key, isOver] = heldBy(fault);
    if (isOver) open.delete(key);
    else open.add(key);
  }
  return [...open];
}

function heldBy(fault: Fault): [string, boolean] {
  switch (fault.kind) {
    case "crash":
    case "restart":
      return [`down ${fault.names}`, fault.kind === "restart"];
    case "pause":
    case "resume":
      return [`paused ${fault.names}`, fault.kind === "resume"];
    case "slow":
      return [`slow ${fault.names}`, fault.factor === 1];
    case "drift":
      return [`drift ${fault.names}`, fault.ppm === 0];
    case "slowDisk":
      return [`disk ${fault.names}`, fault.writeMs === undefined];
    case "clog":
    case "unclog":
      return [`clog ${fault.names}`, fault.kind === "unclog"];
    case "clogLinks":
    case "unclogLinks":
      return [`clog ${fault.from} ${fault.to}`, fault.kind === "unclogLinks"];
    case "networkRates":
      return ["rates", Object.keys(fault.rates).length === 0];
    case "partition":
    case "majoritiesRing":
    case "cut":
    case "heal":
      return ["links", fault.kind === "heal"];
    default:
      return [`${fault.kind}`, true];
  }
}

describe("random faults of every kind", () => {
  const seeds = Array.from({ length: 40 }, (_, seed) => seed);

  it("all come, are the same for a seed, and end by the time that is given", () => {
    const kinds = new Set<string>();
    const disks = new Set<string>();
    for (const seed of seeds) {
      const faults = randomFaults({ ...every, seed });
      expect(faults).toEqual(randomFaults({ ...every, seed }));
      expect(amiss(faults)).toEqual([]);
      for (const { atMs, fault } of faults) {
        expect(atMs).toBeLessThanOrEqual(untilMs);
        kinds.add(fault.kind);
        if (fault.kind === "crash") disks.add(fault.disk);
      }
    }
    expect(kinds.size).toBe(18);
    expect([...disks].sort()).toEqual(["kept", "lost", "torn"]);
  });

  it("can be struck, printed and stored", () => {
    for (const seed of seeds.slice(0, 8)) {
      const faults = randomFaults({ ...every, seed });
      expect(JSON.parse(JSON.stringify(faults))).toEqual(faults);
      expect(faults.every(({ fault }) => faultLabel(fault).length > 3)).toBe(true);
      const simulator = ring(5, 100, { seed });
      simulator.schedule(...faults);
      simulator.run({ untilMs: untilMs + 1_000 });
      const told = simulator.trace.filter(({ node, event }) => {
        return event.kind === "fault" && node === "";
      });
      expect(told).toHaveLength(faults.length);
    }
  });

  it("do not change the kinds before them", () => {
    const { crash, pause, slow, partition, network } = every;
    const few = { names, untilMs, crash, pause, slow, partition, network };
    const ofFew = (faults: readonly ScheduledFault[]): ScheduledFault[] => {
      const kinds = ["crash", "restart", "pause", "resume", "slow", "networkRates"];
      return faults.filter(({ fault }) => kinds.includes(fault.kind));
    };
    for (const seed of seeds.slice(0, 8)) {
      expect(ofFew(randomFaults({ ...every, seed }))).toEqual(
        ofFew(randomFaults({ ...few, seed })),
      );
    }
  });

  it("swizzle: clog one by one, unclog one by one in another order, each once", () => {
    let otherOrders = 0;
    for (const seed of seeds) {
      const swizzle = { everyMs: 500, minMs: 100, maxMs: 400 };
      const faults = randomFaults({ seed, names, untilMs, swizzle });
      expect(amiss(faults)).toEqual([]);
      const first = faults.findIndex(({ fault }) => fault.kind === "unclog");
      const namesOf = (part: readonly ScheduledFault[]): string[] =>
        part.flatMap(({ fault }) => ("names" in fault ? fault.names : []));
      const clogged = namesOf(faults.slice(0, first));
      const freed = namesOf(faults.slice(first, 2 * first));
      expect([...freed].sort()).toEqual([...clogged].sort());
      if (clogged.join() !== freed.join()) otherOrders++;
    }
    expect(otherOrders).toBeGreaterThan(10);
  });

  it("refuse what makes no sense, by name", () => {
    const refused = (changes: object): (() => unknown) => {
      return () => randomFaults({ seed: 1, names, untilMs, ...changes });
    };
    expect(refused({ crashes: often })).toThrow(/^randomFaults has no "crashes"; there are crash,/);
    expect(refused({ clog: { ...often, everyMs: 0 } })).toThrow("clog.everyMs must be from 1");
    expect(refused({ pause: { ...often, minMs: -1 } })).toThrow("pause.minMs must be from 0");
    expect(refused({ pause: { ...often, minMs: 300 } })).toThrow(
      /^pause.maxMs must be from 300 to .*, but was 200/,
    );
    expect(refused({ slow: { ...often, maxFactor: 0.5 } })).toThrow(
      "slow.maxFactor must be from 1",
    );
    expect(refused({ drift: { ...often, maxPpm: 1e6 } })).toThrow("drift.maxPpm must be from 0");
    expect(refused({ jumpClock: { everyMs: 9, maxJumpMs: NaN } })).toThrow("jumpClock.maxJumpMs");
    expect(refused({ slowDisk: { ...often, maxWriteMs: -1 } })).toThrow("slowDisk.maxWriteMs");
    expect(refused({ partition: { ...often, ringRate: 2 } })).toThrow("partition.ringRate must be");
    expect(refused({ corrupt: { maxMachines: 6 } })).toThrow(
      "corrupt.maxMachines must be from 0 to 5",
    );
    expect(refused({ untilMs: NaN })).toThrow("untilMs must be from 0");
    expect(refused({ names: [] })).toThrow("names must name at least one machine");
  });
});

describe("a swarm", () => {
  it("gives each seed its own kinds and rates, and a quiet time at the end", () => {
    const options = Array.from({ length: 200 }, (_, seed) => swarm({ seed, names, untilMs }));
    for (const kind of faultKinds) {
      const share = options.filter((drawn) => drawn[kind] !== undefined).length / options.length;
      if (kind === "corrupt") expect(share).toBe(0);
      else expect(Math.abs(share - 0.5)).toBeLessThan(0.12);
    }
    const losses = options.flatMap(({ network }) => network?.maxLossRate ?? []);
    expect(Math.min(...losses)).toBeLessThan(0.05);
    expect(Math.max(...losses)).toBeGreaterThan(0.25);
    for (const drawn of options) {
      const faults = randomFaults(drawn);
      expect(amiss(faults)).toEqual([]);
      expect(Math.max(0, ...faults.map(({ atMs }) => atMs))).toBeLessThanOrEqual(0.75 * untilMs);
    }
    expect(swarm({ seed: 3, names, untilMs })).toEqual(options[3]);
  });

  it("leaves out what is not wanted, and nothing else changes", () => {
    for (let seed = 0; seed < 20; seed++) {
      const { crash, ...rest } = swarm({ seed, names, untilMs, except: ["corrupt"] });
      expect(swarm({ seed, names, untilMs, except: ["corrupt", "crash"] })).toEqual(rest);
      expect(crash?.disk).not.toBe("lost");
    }
    const corrupt = Array.from({ length: 20 }, (_, seed) => {
      return swarm({ seed, names, untilMs, except: [] }).corrupt;
    });
    expect(corrupt.filter(Boolean).length).toBeGreaterThan(4);
  });

  it("refuses what makes no sense, by name", () => {
    const refused = (changes: Partial<SwarmOptions>): (() => unknown) => {
      return () => swarm({ seed: 1, names, untilMs, ...changes });
    };
    expect(refused({ untilMs: 1 })).toThrow("untilMs must be from 10");
    expect(refused({ quietMs: untilMs + 1 })).toThrow("quietMs must be from 0 to 4000");
    expect(refused({ except: ["meteor" as "crash"] })).toThrow(
      'there is no fault "meteor"; there are crash, pause,',
    );
  });
});

describe("the core alone", () => {
  it("is a majority, healed; everybody else is down or paused, and cut off", () => {
    for (let seed = 0; seed < 12; seed++) {
      const simulator = ring(5, 300, { seed });
      const { core, faults } = coreAlone({ seed, names, atMs: 1_000 });
      expect(core).toHaveLength(3);
      // The storm breaks off in the middle of whatever it does.
      const storm = randomFaults({ ...every, corrupt: undefined, seed });
      simulator.schedule(...storm.filter(({ atMs }) => atMs < 1_000), ...faults);
      simulator.run({ untilMs: 1_001 });
      const rest = names.filter((id) => !core.includes(id));
      expect(core.map((id) => simulator.isUp(id))).toEqual([true, true, true]);
      simulator.run({ untilMs: 2_500 });
      const steps = simulator.trace.filter(({ atMs, node, event }) => {
        return atMs > 1_001 && rest.includes(node) && event.kind !== "lost";
      });
      expect(steps).toEqual([]);
      const heard = simulator.trace.filter(({ atMs, node, event }) => {
        return atMs > 1_001 && core.includes(node) && event.kind === "message";
      });
      expect(heard.length).toBeGreaterThan(50);
    }
  });

  it("goes on committing when it is a quorum of Raft, whatever a swarm did before", () => {
    for (let seed = 0; seed < 12; seed++) {
      const simulator = new Simulator<RaftMessage, RaftTimer>({ seed, isTraced: false });
      for (const id of names) simulator.add(id, Raft);
      const atMs = 3_000;
      const operations = [{ command: { op: "put", key: "k", value: "v" } }];
      const client = { options: { operations, retryMs: 100 }, peers: names };
      simulator.add("c1", RaftClient, { ...client, startAtMs: atMs });
      const { core, faults } = coreAlone({ seed, names, atMs });
      const drawn = swarm({ seed, names, untilMs: atMs, quietMs: 0 });
      simulator.schedule(...randomFaults(drawn), ...faults);
      simulator.run({ untilMs: atMs + 3_000 });
      const applied = core.map((id) => (simulator.nodeOf(id) as Raft).lastApplied);
      expect(Math.min(...applied)).toBeGreaterThan(1);
    }
  });

  it("has the size that is asked for, and may be everybody", () => {
    const { core, faults } = coreAlone({ seed: 1, names, atMs: 5, size: 5 });
    expect(core).toEqual(names);
    expect(faults.map(({ fault }) => fault.kind)).not.toContain("crash");
    expect(() => coreAlone({ seed: 1, names, atMs: 5, size: 6 })).toThrow(
      "size must be from 1 to 5",
    );
  });
});
