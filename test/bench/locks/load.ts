/**
 * The same load on either lock service: closed loops that acquire a lock and release it, from one
 * process of clients, each with a session or lease of its own.
 */
import { LatencyHistogram, processes } from "dabbawala/hosts";
import type { Cluster } from "dabbawala/hosts";
import { EtcdClient, EtcdCluster } from "../raft/etcd";
import { raftOptions } from "../raft/load";
import type { Measured, Side } from "../raft/load";

/** Each client has locks of its own, or all clients share so many. */
export interface LockLoad {
  readonly clients: number;
  /** null: one for each client. */
  readonly locks: number | null;
}

const warmUpMs = 1_000;
const measuredMs = 3_000;
const ttlMs = 10_000;

/** Throughput counts acquires and releases, either of them one. */
export async function ourLocks({ clients, locks }: LockLoad): Promise<Side> {
  const of = (exportName: string) => ({ module: "dabbawala/locks", exportName });
  const options = (_id: string, index: number) => {
    const names = [`lock-${index % (locks ?? clients)}`];
    return { errands: [{ names }], rounds: null, ttlMs, retryMs: 2_000 };
  };
  const cluster = await processes({
    protocol: of("LockServer"),
    nodes: 3,
    options: raftOptions,
    clients: { protocol: of("LockClient"), count: clients, options },
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
  const cores = { clientCores: clientMs / elapsedMs, serverCores: serverMs / elapsedMs };
  return { throughput, p50Ms: latency.p50Ms, p99Ms: latency.p99Ms, ...cores };
}

export async function etcdLocks(load: LockLoad): Promise<Side> {
  const cluster = await EtcdCluster.start();
  return { measure: () => measureEtcd(cluster, load), stop: () => cluster.stop() };
}

/** Its own lock service (v3lockpb) over one connection to the leader, a lease for each client. */
async function measureEtcd(cluster: EtcdCluster, { clients, locks }: LockLoad): Promise<Measured> {
  const client = new EtcdClient(await cluster.leaderPort());
  let latency = new LatencyHistogram();
  let isOver = false;
  const timed = async <T>(work: Promise<T>, begunMs = performance.now()): Promise<T> => {
    const result = await work;
    latency.record(performance.now() - begunMs);
    return result;
  };
  const loop = async (id: number): Promise<void> => {
    const lease = await client.grantLease(ttlMs / 1_000);
    while (!isOver) {
      const key = await timed(client.lock(`lock-${id % (locks ?? clients)}`, lease));
      await timed(client.unlock(key));
    }
    await client.revokeLease(lease);
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
