/** The closed loops of etcd's clients: one connection to the leader, faster here than several. */
import { LatencyHistogram } from "dabbawala/basics";
import { measuredMs, pause, warmUpMs } from "./closed-loops";
import type { MeasuredWithCores, Side } from "./closed-loops";
import { EtcdClient, EtcdCluster } from "./etcd";

export interface EtcdLoop {
  readonly client: EtcdClient;
  /** Of this loop, from 0. */
  readonly id: number;
  isOver(): boolean;
  /** Counts the work as one answer, and its time. */
  timed<T>(work: () => Promise<T>): Promise<T>;
}

export async function etcdSide(
  clients: number,
  loop: (of: EtcdLoop) => Promise<void>,
): Promise<Side<MeasuredWithCores>> {
  const cluster = await EtcdCluster.start();
  return { measure: () => measure(cluster, clients, loop), stop: () => cluster.stop() };
}

async function measure(
  cluster: EtcdCluster,
  clients: number,
  loop: (of: EtcdLoop) => Promise<void>,
): Promise<MeasuredWithCores> {
  const client = new EtcdClient(await cluster.leaderPort());
  let latency = new LatencyHistogram();
  let isOver = false;
  const timed = async <T>(work: () => Promise<T>): Promise<T> => {
    const begunMs = performance.now();
    const result = await work();
    latency.record(performance.now() - begunMs);
    return result;
  };
  const loops = Array.from({ length: clients }, (_, id) =>
    loop({ client, id, timed, isOver: () => isOver }),
  );
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
