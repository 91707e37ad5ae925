/**
 * Three Raft processes with synced disks against three members of etcd, on loopback and the same
 * disk: 256-byte linearizable puts by 1, 16 and 64 clients in closed loops. Either side's clients
 * are one Node process that talks to the leader; etcd's speaks gRPC over HTTP/2, ours our frames.
 *
 * That client takes about 0.75 of the two cores, which etcd's members then lack. The same loops in
 * Go (clientv3 3.5.17, 0.35 of a core) had 4,769 and 5,658 puts/s at a p99 of 28 and 24 ms with 64
 * clients, while this one had 2,799 and 3,946, and ours 9,160 and 10,749 at a p99 of 28 and 26 ms:
 * on such a machine read the ratio at 64 clients as about 1.9, not 2.7 to 3.3.
 */
import { processes } from "dabbawala/hosts";
import type { BenchmarkRow } from "./benchmark";
import { idling, raftOptions } from "./contest/closed-loops";
import type { MeasuredWithCores, Side } from "./contest/closed-loops";
import { etcdVersion } from "./contest/etcd";
import { etcdSide } from "./contest/etcd-loops";
import type { EtcdLoop } from "./contest/etcd-loops";
import { inTurns, rowsAgainstEtcd } from "./contest/in-turns";

const valueBytes = 256;
const keys = 1_000;

export async function run(): Promise<BenchmarkRow[]> {
  const version = etcdVersion();
  if (version === undefined) {
    console.error("raft: skipped, since etcd is not installed: apt-get install etcd-server");
    return [];
  }
  const rows: BenchmarkRow[] = [];
  for (const clients of [1, 16, 64]) rows.push(...(await puts(clients, version)));
  return rows;
}

async function puts(clients: number, version: string): Promise<BenchmarkRow[]> {
  const result = await inTurns({
    rounds: 5,
    own: () => ourSide(clients),
    peer: () => etcdSide(clients, putting),
  });
  const work = `256-byte puts to 3 servers, synced, ${clients} client${clients > 1 ? "s" : ""}`;
  const bars = clients === 64 ? { throughput: 0.7, p99: 0.67 } : { throughput: null, p99: null };
  const peer = `etcd ${version}, @grpc/grpc-js`;
  return rowsAgainstEtcd({ work, unit: "puts", peer, bars }, result);
}

async function ourSide(clients: number): Promise<Side<MeasuredWithCores>> {
  const of = (exportName: string) => ({ module: "dabbawala/consensus", exportName });
  const options = { valueBytes, keys };
  const cluster = await processes({
    protocol: of("Raft"),
    nodes: 3,
    options: raftOptions,
    clients: { protocol: of("RaftLoadClient"), count: clients, options },
    maxHistory: 1,
  });
  return idling(cluster);
}

async function putting({ client, id, isOver, timed }: EtcdLoop): Promise<void> {
  for (let count = 0; !isOver(); count++) {
    const key = `key-${1 + Math.floor(Math.random() * keys)}`;
    const value = Buffer.from(`${id}/${count}/`.padEnd(valueBytes, "."));
    await timed(() => client.put(key, value));
  }
}
