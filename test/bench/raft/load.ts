/** The same load on either cluster: closed loops of 256-byte puts, from one process of clients. */
import { LatencyHistogram, processes } from "dabbawala/hosts";
import type { Cluster } from "dabbawala/hosts";
import type { RaftOptions } from "dabbawala/consensus";
import { EtcdClient, EtcdCluster } from "./etcd";

export interface Measured {
  /** Puts a second that were answered. */
  readonly throughput: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** CPU time of clients and of servers, as a share of one core. */
  readonly clientCores: number;
  readonly serverCores: number;
}

/** A cluster that idles until it is measured. */
export interface Side {
  measure(): Promise<Measured>;
  stop(): Promise<void>;
}

const valueBytes = 256;
const keys = 1_000;
const warmUpMs = 1_000;
const measuredMs = 3_000;

/**
 * What suits a disk that syncs in under a millisecond and a network without delay: the leader
 * writes beside its followers, and few messages in flight make larger batches.
 */
export const raftOptions: Partial<RaftOptions> = {
  hasParallelWrites: true,
  maxInFlight: 2,
  heartbeatMs: 100,
  electionTimeoutMinMs: 1_000,
  electionTimeoutMaxMs: 2_000,
};

export async function ourSide(clients: number): Promise<Side> {
  const of = (exportName: string) => ({ module: "dabbawala/consensus", exportName });
  const cluster = await processes({
    protocol: of("Raft"),
    nodes: 3,
    options: raftOptions,
    clients: { protocol: of("RaftLoadClient"), count: clients, options: { valueBytes, keys } },
    maxHistory: 1,
  });
  await cluster.until(async () => (await cluster.metrics()).ok > 0);
  await cluster.kill("c1"); // all clients share a process
  return { measure: () => measureOurs(cluster), stop: () => cluster.stop() };
}

async function measureOurs(cluster: Cluster): Promise<Measured> {
  await cluster.restart("c1");
  await pause(warmUpMs);
  await cluster.resetMetrics();
  await pause(measuredMs);
  const { throughput, latency, elapsedMs, places } = await cluster.metrics();
  await cluster.kill("c1");
  const clientMs = places["clients-1"]?.cpuMs ?? 0;
  const serverMs = Object.values(places).reduce((sum, { cpuMs }) => sum + cpuMs, -clientMs);
  return {
    throughput,
    p50Ms: latency.p50Ms,
    p99Ms: latency.p99Ms,
    clientCores: clientMs / elapsedMs,
    serverCores: serverMs / elapsedMs,
  };
}

/** All clients share one connection to the leader, which is faster here than several. */
export async function etcdSide(clients: number): Promise<Side> {
  const cluster = await EtcdCluster.start();
  return { measure: () => measureEtcd(cluster, clients), stop: () => cluster.stop() };
}

async function measureEtcd(cluster: EtcdCluster, clients: number): Promise<Measured> {
  const client = new EtcdClient(await cluster.leaderPort());
  let latency = new LatencyHistogram();
  let isOver = false;
  const value = (id: number, count: number): Buffer =>
    Buffer.from(`${id}/${count}/`.padEnd(valueBytes, "."));
  const loop = async (id: number): Promise<void> => {
    for (let count = 0; !isOver; count++) {
      const begunMs = performance.now();
      await client.put(`key-${1 + Math.floor(Math.random() * keys)}`, value(id, count));
      latency.record(performance.now() - begunMs);
    }
  };
  const loops = Array.from({ length: clients }, (_, id) => loop(id));
  await pause(warmUpMs);
  latency = new LatencyHistogram();
  const [begunMs, serverMs, client0] = [performance.now(), cluster.cpuMs(), process.cpuUsage()];
  await pause(measuredMs);
  const elapsedMs = performance.now() - begunMs;
  const { count, p50Ms, p99Ms } = latency.summary();
  const { user, system } = process.cpuUsage(client0);
  const measured = {
    throughput: count / (elapsedMs / 1_000),
    p50Ms,
    p99Ms,
    clientCores: (user + system) / 1_000 / elapsedMs,
    serverCores: (cluster.cpuMs() - serverMs) / elapsedMs,
  };
  isOver = true;
  await Promise.all(loops);
  client.close();
  return measured;
}

async function pause(ms: number): Promise<void> {
  await new Promise((wake) => setTimeout(wake, ms));
}
