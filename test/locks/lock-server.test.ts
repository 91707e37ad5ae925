import { describe, expect, it } from "vitest";
import { checkLinearizable, leasedLock } from "dabbawala/checks";
import { at, crash, jumpClock, partition, pause, resume } from "dabbawala/hosts";
import { LockCluster, LockServer } from "dabbawala/locks";
import type { LockErrand } from "dabbawala/locks";

/** A cluster with a leader, and clients that do their errands over and over from 500 ms on. */
function cluster(errands: readonly LockErrand[], clients = 2, isFenced = true): LockCluster {
  const made = new LockCluster({ seed: 3, isFenced });
  for (let i = 1; i <= clients; i++) made.addClient(`c${i}`, { errands, rounds: 5 }, 500);
  return made;
}

const plain: LockErrand = { names: ["kitchen"], holdMs: 40 };

describe("ten clients, one lock (the MIT 6.5840 scenario)", () => {
  it.each([0, 0.2])("all increments arrive, with messages lost at a rate of %s", (lossRate) => {
    const network = { lossRate, duplicateRate: lossRate };
    const made = new LockCluster({ seed: 1, simulator: { network } });
    const errands = [{ names: ["kitchen"], holdMs: 2 }];
    for (let i = 1; i <= 10; i++) made.addClient(`c${i}`, { errands, rounds: 10 }, 500);
    made.run(60_000);
    expect(made.count("ended")).toBe(10);
    expect(made.lostUpdates()).toEqual({});
    if (lossRate === 0) expect(made.values()).toEqual({ kitchen: 100 });
    expect(checkLinearizable(made.history(), leasedLock()).kind).toBe("linearizable");
  });
});

describe("time is the leader's", () => {
  it("a server that does not lead stamps nothing and turns commands away", () => {
    const server = new LockServer("n1", ["n2", "n3"]);
    const sent: unknown[] = [];
    const host = {
      ...{ nowMs: 5, random: () => 0.5, setTimer: () => undefined, cancelTimer: () => undefined },
      ...{ save: () => undefined, note: () => undefined },
      send: (to: string, message: unknown) => sent.push([to, message]),
    };
    const command = { op: "open", opening: [1, 1, 1], ttlMs: 100 };
    const message = { type: "command", requestId: 9, command } as const;
    server.handle({ kind: "message", from: "c1", message }, host);
    expect(sent).toEqual([
      ["c1", { type: "answer", requestId: 9, kind: "notLeader", leader: null }],
    ]);
  });

  it("a leader whose clock leaps by an hour ends no lease early", () => {
    const made = cluster([plain]);
    made.run(600);
    const leader = made.leader()?.id ?? "";
    made.schedule(
      at(650, jumpClock([leader], 3_600_000)),
      at(900, jumpClock([leader], -7_200_000)),
    );
    made.run(20_000);
    expect(made.count("lost")).toBe(0);
    expect(made.values()).toEqual({ kitchen: 10 });
  });

  it("after a failover the new leader's time goes on from what was agreed", () => {
    const made = cluster([plain]);
    made.run(700);
    const before = made.leader()?.state.nowMs ?? 0;
    made.schedule(at(701, crash([made.leader()?.id ?? ""])));
    made.run(1_500);
    const after = made.leader()?.state.nowMs ?? 0;
    expect(after).toBeGreaterThan(before);
    expect(after).toBeLessThan(before + 1_000);
  });
});

describe("a holder that is lost", () => {
  it("hears so when it is cut off, before the service gives the lock to the next", () => {
    const made = cluster([{ names: ["kitchen"], holdMs: 60_000 }]);
    made.run(1_000);
    const holder = made.notes.find(({ label }) => label === "read")?.node ?? "";
    made.schedule(at(1_000, partition([holder], ["n1", "n2", "n3"])));
    made.run(4_000);
    const lost = made.notes.find(({ label, node }) => label === "lost" && node === holder);
    const next = made.notes.find(({ label, node }) => label === "read" && node !== holder);
    expect(lost?.detail).toEqual(["kitchen"]);
    expect(next?.atMs).toBeGreaterThan(lost?.atMs ?? Infinity);
    expect((next?.atMs ?? 0) - 1_000).toBeLessThan(1_500);
  });

  it.each([true, false])("paused with a write on its way: fenced %s", (isFenced) => {
    const made = cluster([{ names: ["kitchen"], holdMs: 100 }], 2, isFenced);
    made.run(545);
    const holder = made.notes.find(({ label }) => label === "read")?.node ?? "";
    // It stands still with the lock; its clock is set back meanwhile, so that it notices nothing.
    made.schedule(
      at(545, pause([holder])),
      at(2_500, jumpClock([holder], -2_000)),
      at(2_600, resume([holder])),
    );
    made.run(30_000);
    expect(Object.keys(made.lostUpdates())).toEqual(isFenced ? [] : ["kitchen"]);
    expect(made.count("refused") > 0).toBe(isFenced);
  });
});
