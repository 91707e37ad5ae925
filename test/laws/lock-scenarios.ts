/** The small systems in which the protocols of locks have something to do. */
import * as locks from "dabbawala/locks";
import type { AnyProtocol, Scenario } from "./scenarios";

const servers = ["n1", "n2", "n3"];

/** Three lock servers, a client with errands of every kind, and what its locks guard. */
const lockService: Scenario = {
  isWhole: true,
  names: servers,
  add(simulator) {
    const { LockServer, LockClient, FencedResource } = locks as unknown as Record<
      string,
      AnyProtocol
    >;
    const machine = { options: { snapshotEvery: 15, trailingEntries: 4 } };
    for (const id of servers) simulator.add(id, LockServer, { ...machine, peers: others(id) });
    simulator.add("r1", FencedResource, { peers: [] });
    const errands = [
      { names: ["kitchen"], holdMs: 5 },
      { names: ["kitchen", "partner"], isTwice: true },
      { names: ["partner"], mode: "shared", isUpgraded: true },
      { names: ["partner"], mode: "shared", holdMs: 10 },
      { names: ["kitchen"], waitMs: 0 },
    ];
    const common = { errands, rounds: null, resource: "r1", ttlMs: 400, retryMs: 60 };
    // The one client sees the servers, the other sees groups of them, of which there is one.
    for (const [id, groups] of [
      ["c1", null],
      ["c2", [servers]],
    ] as const) {
      simulator.add(id, LockClient, { peers: servers, options: { ...common, groups } });
    }
  },
};

/** Two sites, a detector and three clients whose transactions get in each other's way. */
const deadlocks: Scenario = {
  isWhole: true,
  names: ["n1", "n2"],
  add(simulator) {
    const { DeadlockDetector, LockSite, TransactionClient } = locks as unknown as Record<
      string,
      AnyProtocol
    >;
    const options = { policy: "central", items: 6, detectMs: 20 };
    simulator.add("d1", DeadlockDetector, { peers: [] });
    for (const id of ["n1", "n2"]) simulator.add(id, LockSite, { peers: ["d1"], options });
    for (const id of ["c1", "c2", "c3"]) {
      simulator.add(id, TransactionClient, { peers: ["n1", "n2"], options });
    }
  },
};

/** Three instances, two clients, and what they share. */
const redlock: Scenario = {
  isWhole: true,
  names: servers,
  add(simulator) {
    const { FencedResource, RedlockClient, RedlockInstance } = locks as unknown as Record<
      string,
      AnyProtocol
    >;
    simulator.add("r1", FencedResource, { peers: [], options: { isFenced: false } });
    for (const id of servers) simulator.add(id, RedlockInstance, { peers: [] });
    for (const id of ["c1", "c2"]) simulator.add(id, RedlockClient, { peers: servers });
  },
};

function others(id: string): string[] {
  return servers.filter((other) => other !== id);
}

export const lockScenarios: Readonly<Record<string, Scenario>> = {
  LockServer: lockService,
  LockClient: lockService,
  FencedResource: lockService,
  DeadlockDetector: deadlocks,
  LockSite: deadlocks,
  TransactionClient: deadlocks,
  RedlockClient: redlock,
  RedlockInstance: redlock,
};
