import { describe, expect, it } from "vitest";
import {
  Simulator,
  at,
  crash,
  cut,
  heal,
  networkRates,
  partition,
  pause,
  playTwice,
  randomFaults,
  restart,
  resume,
  slow,
} from "dabbawala/hosts";
import type { NetworkOptions } from "dabbawala/hosts";
import { traceText } from "dabbawala/protocol";
import type { Event, Host, Message, Node } from "dabbawala/protocol";

type Ball = Message & { readonly number: number };
type BallHost = Host<Ball, string>;

/** Throws a ball to its peers every 10 ms and counts what it catches, in memory and on disk. */
class Player implements Node<Ball, string> {
  caught: string[] = [];
  thrown = 0;
  startedWith: unknown;
  constructor(
    readonly id: string,
    readonly peers: readonly string[],
    readonly options: { balls?: number; everyMs?: number } = {},
  ) {}
  handle(event: Event<Ball, string>, host: BallHost): void {
    if (event.kind === "start") this.startedWith = event.saved["caught"];
    if (event.kind === "message") {
      this.caught.push(`${event.message.number}@${host.nowMs}`);
      host.save("caught", this.caught.length);
    } else if (this.thrown < (this.options.balls ?? 0)) {
      for (const peer of this.peers) host.send(peer, { type: "ball", number: this.thrown });
      this.thrown++;
      host.setTimer("throw", this.options.everyMs ?? 10);
    }
  }
}

const oneMs: Partial<NetworkOptions> = { latency: { kind: "constant", ms: 1 } };

function pair(balls: number, network: Partial<NetworkOptions> = oneMs): Simulator<Ball, string> {
  const simulator = new Simulator<Ball, string>({ seed: 4, network });
  simulator.add("n1", Player, { options: { balls } });
  simulator.add("n2", Player);
  return simulator;
}

function caught(simulator: Simulator<Ball, string>, id = "n2"): readonly string[] {
  return (simulator.nodeOf(id) as Player).caught;
}

function numbers(simulator: Simulator<Ball, string>): number[] {
  return caught(simulator).map((ball) => Number(ball.split("@")[0]));
}

describe("virtual time", () => {
  it("delivers after the latency, rings timers when due, and ends when all is quiet", () => {
    const simulator = pair(3);
    const result = simulator.run({ untilMs: 1_000 });
    expect(caught(simulator)).toEqual(["0@1", "1@11", "2@21"]);
    expect(result).toEqual({ kind: "quiet", nowMs: 30, events: 8 });
  });

  it("stops at its time limit and runs on from there", () => {
    const simulator = pair(3);
    expect(simulator.run({ untilMs: 5 })).toMatchObject({ kind: "time", nowMs: 5 });
    expect(caught(simulator)).toEqual(["0@1"]);
    simulator.run({ untilMs: 11 });
    expect(caught(simulator)).toEqual(["0@1", "1@11"]);
  });

  it("records which send each message comes from", () => {
    const simulator = pair(2);
    simulator.run({ untilMs: 100 });
    const arrival = simulator.trace.find(
      ({ node, event }) => node === "n2" && event.kind === "message",
    );
    const { step, effect } = arrival!.cause!;
    expect(simulator.trace[step]).toMatchObject({ node: "n1", event: { kind: "start" } });
    expect(simulator.trace[step]!.effects[effect]).toMatchObject({ kind: "send", to: "n2" });
  });

  it("breaks off an endless exchange", () => {
    const simulator = pair(1_000);
    expect(() => simulator.run({ untilMs: 1e9, maxEvents: 100 })).toThrow("too many events");
  });
});

describe("replay", () => {
  const network: Partial<NetworkOptions> = { lossRate: 0.2, duplicateRate: 0.2, reorderRate: 0.3 };
  function stormText(seed: number): string {
    const simulator = new Simulator<Ball, string>({ seed, network });
    for (const id of ["n1", "n2", "n3"]) simulator.add(id, Player, { options: { balls: 50 } });
    const crashes = { everyMs: 100, minMs: 10, maxMs: 50 };
    simulator.schedule(
      ...randomFaults({ seed, names: ["n1", "n2"], untilMs: 400, crash: crashes }),
    );
    simulator.run({ untilMs: 1_000 });
    return traceText(simulator.trace);
  }

  it("is the same byte for byte for a seed, and another run for another seed", () => {
    expect(stormText(7)).toBe(stormText(7));
    expect(stormText(7)).not.toBe(stormText(8));
  });

  it("does not depend on whether the run is traced", () => {
    const times = [true, false].map((isTraced) => {
      const simulator = new Simulator<Ball, string>({ seed: 3, network, isTraced });
      for (const id of ["n1", "n2"]) simulator.add(id, Player, { options: { balls: 50 } });
      simulator.run({ untilMs: 1_000 });
      return caught(simulator);
    });
    expect(times[0]).toEqual(times[1]);
  });

  let shared = 0;
  class Telepath extends Player {
    override handle(event: Event<Ball, string>, host: BallHost): void {
      host.note("seen", shared++);
      super.handle(event, host);
    }
  }
  class Gambler extends Player {
    override handle(event: Event<Ball, string>, host: BallHost): void {
      host.note("draw", Math.random());
      super.handle(event, host);
    }
  }
  class Packer extends Player {
    override handle(event: Event<Ball, string>, host: BallHost): void {
      if (event.kind === "start")
        host.send("n2", { type: "map", content: new Map([[1, 1]]) } as never);
      if (event.kind === "message") {
        host.note(
          "size",
          (event.message as never as { content: Map<number, number> }).content.size,
        );
      }
    }
  }
  const verdict = (protocol: typeof Player): string =>
    playTwice<Ball, string>(
      { seed: 1 },
      (simulator) =>
        ["n1", "n2"].forEach((id) => simulator.add(id, protocol, { options: { balls: 9 } })),
      { untilMs: 500 },
    ).kind;

  it("is checked by playing twice: hidden chance, shared memory and messages that are not JSON", () => {
    expect(verdict(Player)).toBe("same");
    expect(verdict(Gambler)).toBe("different");
    expect(verdict(Telepath)).toBe("different");
    expect(verdict(Packer)).toBe("different");
  });

  it("freezes messages, and says so when a node changes one", () => {
    class Changer extends Player {
      override handle(event: Event<Ball, string>): void {
        if (event.kind === "message") (event.message as { number: number }).number = 5;
      }
    }
    const simulator = new Simulator<Ball, string>({ seed: 1, network: oneMs });
    simulator.add("n1", Player, { options: { balls: 1 } });
    simulator.add("n2", Changer);
    expect(() => simulator.run({ untilMs: 9 })).toThrow(
      /^n2 at 1 ms, on "ball" from n1: Cannot assign .* \(a message is frozen when it is sent/,
    );
  });
});

describe("network", () => {
  it("draws latencies from the named distributions", () => {
    const mean = (latency: NetworkOptions["latency"]): number => {
      const simulator = pair(0, { latency });
      simulator.add("n3", Player, { peers: ["n2"], options: { balls: 4_000, everyMs: 1_000 } });
      simulator.run({ untilMs: 1e7 });
      const delays = caught(simulator).map((ball) => Number(ball.split("@")[1]) % 1_000);
      return delays.reduce((sum, ms) => sum + ms, 0) / delays.length;
    };
    expect(mean({ kind: "constant", ms: 7 })).toBeCloseTo(7, 6);
    expect(mean({ kind: "uniform", minMs: 10, maxMs: 30 })).toBeCloseTo(20, 0);
    expect(Math.abs(mean({ kind: "exponential", minMs: 5, tailMs: 10 }) - 15)).toBeLessThan(0.6);
    const logNormalMean = 20 * Math.exp(0.5 ** 2 / 2);
    expect(
      Math.abs(mean({ kind: "logNormal", medianMs: 20, sigma: 0.5 }) - logNormalMean),
    ).toBeLessThan(0.8);
  });

  it("loses, doubles and reorders at the stated rates", () => {
    const lossy = pair(4_000, { ...oneMs, lossRate: 0.25 });
    lossy.run({ untilMs: 1e6 });
    expect(Math.abs(caught(lossy).length / 4_000 - 0.75)).toBeLessThan(0.03);
    const lost = lossy.trace.filter(({ event }) => event.kind === "lost");
    expect(lost.length + caught(lossy).length).toBe(4_000);

    const doubling = pair(4_000, { ...oneMs, duplicateRate: 0.25 });
    doubling.run({ untilMs: 1e6 });
    expect(Math.abs(caught(doubling).length / 4_000 - 1.25)).toBeLessThan(0.03);

    const mixing = { latency: { kind: "constant", ms: 20 }, reorderRate: 0.3 } as const;
    const reordering = pair(500, mixing);
    reordering.run({ untilMs: 1e6 });
    const sorted = [...numbers(reordering)].sort((left, right) => left - right);
    expect(numbers(reordering)).not.toEqual(sorted);

    const ordered = pair(500, { ...mixing, isOrdered: true });
    ordered.run({ untilMs: 1e6 });
    expect(numbers(ordered)).toEqual(sorted);
  });

  it("has rules by link, the first that fits", () => {
    const links = [
      { from: ["n1"], to: ["n2"], latency: { kind: "constant", ms: 50 } },
      { from: ["n1"], lossRate: 1 },
    ] as const;
    const simulator = pair(1, { ...oneMs, links });
    simulator.add("n3", Player);
    simulator.run({ untilMs: 100 });
    expect(caught(simulator)).toEqual(["0@50"]);
    expect(caught(simulator, "n3")).toEqual([]);
  });

  it("takes rates for a while", () => {
    const simulator = pair(10);
    simulator.schedule(at(15, networkRates({ lossRate: 1 })), at(45, networkRates({})));
    simulator.run({ untilMs: 1_000 });
    expect(numbers(simulator)).toEqual([0, 1, 5, 6, 7, 8, 9]);
  });

  it("refuses rates that are none", () => {
    expect(() => pair(1, { lossRate: 2 })).toThrow("lossRate must be from 0 to 1, but was 2");
    expect(() => pair(1, { latency: { kind: "uniform", minMs: 5, maxMs: 2 } })).toThrow(
      "latency.maxMs 2 is under latency.minMs 5",
    );
  });
});

describe("partitions", () => {
  it("cut both ways between the groups, and only there, until they heal", () => {
    const simulator = new Simulator<Ball, string>({ seed: 1, network: oneMs });
    for (const id of ["n1", "n2", "n3"]) simulator.add(id, Player, { options: { balls: 4 } });
    simulator.schedule(at(5, partition(["n1"], ["n2"])), at(25, heal()));
    simulator.run({ untilMs: 100 });
    expect(caught(simulator, "n2")).toHaveLength(6); // n1's balls 1 and 2 are lost
    expect(caught(simulator, "n1")).toHaveLength(6);
    expect(caught(simulator, "n3")).toHaveLength(8);
  });

  it("cut one way and let the answers through", () => {
    const simulator = new Simulator<Ball, string>({ seed: 1, network: oneMs });
    for (const id of ["n1", "n2"]) simulator.add(id, Player, { options: { balls: 4 } });
    simulator.schedule(at(5, cut(["n1"], ["n2"])));
    simulator.run({ untilMs: 100 });
    expect(caught(simulator, "n2")).toHaveLength(1);
    expect(caught(simulator, "n1")).toHaveLength(4);
    expect(
      simulator.trace.filter(({ event }) => event.kind === "lost" && event.reason === "cut"),
    ).toHaveLength(3);
  });

  it("catch what is on its way when they begin", () => {
    const simulator = pair(1, { latency: { kind: "constant", ms: 10 } });
    simulator.schedule(at(5, partition(["n1"], ["n2"])));
    simulator.run({ untilMs: 100 });
    expect(caught(simulator)).toEqual([]);
  });
});

describe("machines", () => {
  it("lose fields and timers in a crash, and keep what they saved", () => {
    const simulator = pair(10);
    simulator.schedule(at(25, crash(["n2"])), at(45, restart(["n2"])));
    simulator.run({ untilMs: 1_000 });
    expect((simulator.nodeOf("n2") as Player).startedWith).toBe(3);
    expect(numbers(simulator)).toEqual([5, 6, 7, 8, 9]);
    expect(
      simulator.trace.filter(({ event }) => event.kind === "lost" && event.reason === "down"),
    ).toHaveLength(2);
  });

  it("lose the disk too when the crash says so", () => {
    const simulator = pair(10);
    simulator.schedule(at(25, crash(["n2"], "lost")), at(45, restart(["n2"])));
    simulator.run({ untilMs: 1_000 });
    expect((simulator.nodeOf("n2") as Player).startedWith).toBeUndefined();
    expect(simulator.savedOf("n2")).toEqual({ caught: 5 });
  });

  it("stay down without a restart", () => {
    const simulator = pair(10);
    simulator.schedule(at(25, crash(["n1"])));
    simulator.run({ untilMs: 1_000 });
    expect(simulator.isUp("n1")).toBe(false);
    expect(numbers(simulator)).toEqual([0, 1, 2]);
  });

  it("stand still in a pause: messages and timers wait, the clock does not", () => {
    const simulator = pair(4);
    simulator.schedule(at(5, pause(["n1", "n2"])), at(500, resume(["n1", "n2"])));
    simulator.run({ untilMs: 1_000 });
    expect(caught(simulator)).toEqual(["0@1", "1@501", "2@511", "3@521"]);
  });

  it("do slow work: timers last longer, pending ones the rest of their time", () => {
    const simulator = pair(4);
    simulator.schedule(at(5, slow(["n1"], 4)), at(65, slow(["n1"], 1)));
    simulator.run({ untilMs: 1_000 });
    // 10 ms: 5 left become 20, at 25; then 40 ms, at 65; the one set at 65 rings at 75.
    expect(caught(simulator)).toEqual(["0@1", "1@26", "2@66", "3@76"]);
  });

  it("take all their nodes with them, and let them talk at once", () => {
    const simulator = new Simulator<Ball, string>({ seed: 1, network: { ...oneMs, lossRate: 1 } });
    simulator.add("n1", Player, { machine: "m1", options: { balls: 5 } });
    simulator.add("n2", Player, { machine: "m1" });
    simulator.schedule(at(15, crash(["n1"])));
    simulator.run({ untilMs: 12 });
    expect(caught(simulator)).toEqual(["0@0", "1@10"]);
    simulator.run({ untilMs: 100 });
    expect([simulator.isUp("n1"), simulator.isUp("n2")]).toEqual([false, false]);
  });

  it("refuse names that nobody has", () => {
    const simulator = pair(1);
    expect(() => simulator.schedule(at(5, crash(["n9"])))).toThrow(
      'there is no node or machine "n9"; there are n1, n2',
    );
    expect(() => simulator.add("n1", Player)).toThrow("two nodes of the name n1");
    expect(() => simulator.schedule(at(-1, heal()))).toThrow("atMs of a fault must be from 0");
  });
});

describe("random faults", () => {
  const names = ["n1", "n2", "n3", "n4"];
  const often = { everyMs: 40, minMs: 5, maxMs: 80 };
  const all = {
    names,
    untilMs: 2_000,
    crash: { ...often, disk: "either" },
    pause: often,
    slow: { ...often, maxFactor: 8 },
    partition: often,
    network: { ...often, maxLossRate: 0.3 },
  } as const;

  it("are the same for a seed, and end healed, restarted and resumed", () => {
    for (let seed = 0; seed < 50; seed++) {
      const faults = randomFaults({ ...all, seed });
      expect(faults).toEqual(randomFaults({ ...all, seed }));
      const down = new Set<string>();
      let [isCut, isDisturbed] = [false, false];
      for (const { atMs, fault } of faults) {
        expect(atMs).toBeLessThanOrEqual(all.untilMs);
        if (fault.kind === "crash" || fault.kind === "pause") {
          expect(down.has(fault.names[0]!)).toBe(false); // one fault at a time
          down.add(fault.names[0]!);
        }
        if (fault.kind === "restart" || fault.kind === "resume") down.delete(fault.names[0]!);
        if (fault.kind === "partition" || fault.kind === "cut") isCut = true;
        if (fault.kind === "heal") isCut = false;
        if (fault.kind === "networkRates") isDisturbed = Object.keys(fault.rates).length > 0;
      }
      expect([down.size, isCut, isDisturbed]).toEqual([0, false, false]);
    }
  });

  it("leave out kinds when told, so that a storm is not always of everything", () => {
    const kinds = (omitRate: number): number[] =>
      Array.from({ length: 40 }, (_, seed) => {
        return new Set(randomFaults({ ...all, seed, omitRate }).map(({ fault }) => fault.kind))
          .size;
      });
    expect(Math.min(...kinds(0))).toBeGreaterThanOrEqual(7);
    expect(new Set(kinds(0.5)).size).toBeGreaterThan(3);
    expect(Math.max(...kinds(1))).toBe(0);
  });
});
