/**
 * The scenarios of MIT 6.5840's key-value service on Raft, by their names: clients, faults, and in
 * the end what the clients saw is linearizable and a quorum goes on.
 */
import { describe, expect, it } from "vitest";
import { Raft } from "dabbawala/consensus";
import { judge } from "dabbawala/dist/consensus/raft/storm/judge";
import { planOf } from "dabbawala/dist/consensus/raft/storm/plan";
import type { StormPlan } from "dabbawala/dist/consensus/raft/storm/plan";

const calm: Partial<StormPlan> = {
  servers: 5,
  clients: 1,
  lossRate: 0,
  duplicateRate: 0,
  reorderRate: 0,
  driftRate: 0,
  leaderChurnRate: 0,
  isCrashing: false,
  isPausing: false,
  isPartitioned: false,
  isClogging: false,
  bytesPerSecond: Infinity,
  maxSkewMs: 0,
  maxJumpMs: 0,
  diskMs: 0,
  isCorrupting: false,
  changesMembership: false,
  transfersLeadership: false,
};
const unreliable = { lossRate: 0.1, reorderRate: 0.1, duplicateRate: 0.1 };
const snapshots = { snapshotEvery: 10, trailingEntries: 0, snapshotChunkLength: 400 };
const plain = { snapshotEvery: 10_000 };

const scenarios: readonly [name: string, plan: Partial<StormPlan>, isCompacted?: boolean][] = [
  ["Basic", {}],
  ["Concurrent", { clients: 5 }],
  ["Unreliable", { clients: 5, ...unreliable }],
  ["UnreliableOneKey", { clients: 5, keys: 1, ...unreliable }],
  ["OnePartition", { isPartitioned: true, partitionMs: 1_000 }],
  ["ManyPartitionsOneClient", { isPartitioned: true }],
  ["ManyPartitionsManyClients", { clients: 5, isPartitioned: true }],
  ["PersistOneClient", { isCrashing: true }],
  ["PersistConcurrent", { clients: 5, isCrashing: true }],
  ["PersistConcurrentUnreliable", { clients: 5, isCrashing: true, ...unreliable }],
  ["PersistPartition", { clients: 5, isCrashing: true, isPartitioned: true }],
  [
    "PersistPartitionUnreliable",
    { clients: 5, isCrashing: true, isPartitioned: true, ...unreliable },
  ],
  [
    "PersistPartitionUnreliableLinearizable",
    { clients: 15, servers: 7, isCrashing: true, isPartitioned: true, ...unreliable },
  ],
  ["SnapshotRPC", { servers: 3, isPartitioned: true }, true],
  ["SnapshotSize", {}, true],
  ["SnapshotRecover", { isCrashing: true }, true],
  ["SnapshotRecoverManyClients", { clients: 20, isCrashing: true }, true],
  ["SnapshotUnreliable", { clients: 5, ...unreliable }, true],
  ["SnapshotUnreliableRecover", { clients: 5, isCrashing: true, ...unreliable }, true],
  [
    "SnapshotUnreliableRecoverConcurrentPartition",
    { clients: 5, isCrashing: true, isPartitioned: true, ...unreliable },
    true,
  ],
  [
    "SnapshotUnreliableRecoverConcurrentPartitionLinearizable",
    { clients: 15, servers: 7, isCrashing: true, isPartitioned: true, ...unreliable },
    true,
  ],
];

describe("4B and 4C, a key-value service", () => {
  it.each(scenarios)("%s", (_name, plan, isCompacted = false) => {
    const options = { machine: "kv", ...(isCompacted ? snapshots : plain) };
    const result = judge(planOf(1, { ...calm, ...plan, options }), Raft);
    expect(result.violation).toBe(undefined);
    expect(result.recoveredMs).toBeLessThan(3_000);
    expect(result.counts.get("ok")).toBeGreaterThan(100);
    expect((result.counts.get("snapshotTaken") ?? 0) > 0).toBe(isCompacted);
  });

  it("Speed: a lone client's commands take a round trip each, and no heartbeat is waited for", () => {
    const result = judge(
      planOf(1, { ...calm, thinkMs: 0, options: { machine: "kv", ...plain } }),
      Raft,
    );
    const done = result.counts.get("ok") ?? 0;
    expect(done).toBeGreaterThan(290);
    const times = result.notes.filter(({ node }) => node === "c1").map(({ atMs }) => atMs);
    expect((times[times.length - 1] - times[0]) / done).toBeLessThan(33);
  });
});
