/** Closed loops of clients against real processes on this machine, measured for some seconds. */
import type { Cluster } from "dabbawala/hosts";
import type { RaftOptions } from "dabbawala/consensus";

export interface Measured {
  /** Answers a second. */
  readonly throughput: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export interface MeasuredWithCores extends Measured {
  /** CPU time of clients and of servers, as a share of one core. */
  readonly clientCores: number;
  readonly serverCores: number;
}

/** A cluster that idles until it is measured. */
export interface Side<M extends Measured = Measured> {
  measure(): Promise<M>;
  stop(): Promise<void>;
}

export const warmUpMs = 1_000;
export const measuredMs = 3_000;

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

/** Our servers, once their clients have been answered: all of these share a process, "c1". */
export async function idling(
  cluster: Cluster,
  isReady = async () => (await cluster.metrics()).ok > 0,
): Promise<Side<MeasuredWithCores>> {
  await cluster.until(isReady);
  await cluster.kill("c1");
  return { measure: () => measure(cluster), stop: () => cluster.stop() };
}

async function measure(cluster: Cluster): Promise<MeasuredWithCores> {
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

export async function pause(ms: number): Promise<void> {
  await new Promise((wake) => setTimeout(wake, ms));
}
