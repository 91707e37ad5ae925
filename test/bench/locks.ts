/**
 * Three lock servers on Raft with synced disks against etcd's lock service on three members, under
 * the conditions of the Raft benchmark: loopback, the same disk, one process of clients, which talk
 * to the leader. Each client acquires and releases in a closed loop under a lease of ten seconds.
 * A waiting client of etcd hears of its turn over the same connection, ours by the leader's news.
 */
import { processes } from "dabbawala/hosts";
import type { BenchmarkRow } from "./benchmark";
import { idling, raftOptions } from "./contest/closed-loops";
import type { MeasuredWithCores, Side } from "./contest/closed-loops";
import { etcdVersion } from "./contest/etcd";
import { etcdSide } from "./contest/etcd-loops";
import type { EtcdLoop } from "./contest/etcd-loops";
import { inTurns, rowsAgainstEtcd } from "./contest/in-turns";

const clients = 64;
const ttlMs = 10_000;

export async function run(): Promise<BenchmarkRow[]> {
  const version = etcdVersion();
  if (version === undefined) {
    console.error("locks: skipped, since etcd is not installed: apt-get install etcd-server");
    return [];
  }
  // A lock for each client, and locks that eight have to share.
  return [...(await locking(clients, version)), ...(await locking(8, version))];
}

/** Throughput counts acquires and releases, either of them one. */
async function locking(locks: number, version: string): Promise<BenchmarkRow[]> {
  const result = await inTurns({
    rounds: 5,
    own: () => ourSide(locks),
    peer: () => etcdSide(clients, (loop) => lockingByTurns(locks, loop)),
  });
  const work = `${clients} clients, ${locks} locks on 3 servers, synced`;
  const bars = { throughput: 0.7, p99: locks === clients ? 0.7 : null };
  const unit = "acquires and releases";
  return rowsAgainstEtcd({ work, unit, peer: `etcd ${version}, v3lock`, bars }, result);
}

async function ourSide(locks: number): Promise<Side<MeasuredWithCores>> {
  const of = (exportName: string) => ({ module: "dabbawala/locks", exportName });
  const options = (_id: string, index: number) => {
    const names = [`lock-${index % locks}`];
    return { errands: [{ names }], rounds: null, ttlMs, retryMs: 2_000 };
  };
  const cluster = await processes({
    protocol: of("LockServer"),
    nodes: 3,
    options: raftOptions,
    clients: { protocol: of("LockClient"), count: clients, options },
    maxHistory: 1,
  });
  return idling(cluster);
}

/** By etcd's own lock service (v3lockpb), a lease for each client. */
async function lockingByTurns(locks: number, loop: EtcdLoop): Promise<void> {
  const { client, id, isOver, timed } = loop;
  const lease = await client.grantLease(ttlMs / 1_000);
  while (!isOver()) {
    const key = await timed(() => client.lock(`lock-${id % locks}`, lease));
    await timed(() => client.unlock(key));
  }
  await client.revokeLease(lease);
}
