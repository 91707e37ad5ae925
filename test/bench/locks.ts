/**
 * Three lock servers on Raft with synced disks against etcd's lock service on three members, under
 * the conditions of the Raft benchmark: loopback, the same disk, one process of clients, which talk
 * to the leader. Each client acquires and releases in a closed loop under a lease of ten seconds.
 * A waiting client of etcd hears of its turn over the same connection, ours by the leader's news.
 */
import type { BenchmarkRow } from "./benchmark";
import { etcdLocks, ourLocks } from "./locks/load";
import type { LockLoad } from "./locks/load";
import { etcdVersion } from "./raft/etcd";
import type { Measured } from "./raft/load";

const rounds = 5;

export async function run(): Promise<BenchmarkRow[]> {
  const version = etcdVersion();
  if (version === undefined) {
    console.error("locks: skipped, since etcd is not installed: apt-get install etcd-server");
    return [];
  }
  const rows: BenchmarkRow[] = [];
  for (const load of [
    { clients: 64, locks: null },
    { clients: 64, locks: 8 },
  ]) {
    rows.push(...(await contest(load, version)));
  }
  return rows;
}

async function contest(load: LockLoad, version: string): Promise<BenchmarkRow[]> {
  const [ours, etcds]: [Measured[], Measured[]] = [[], []];
  const own = await ourLocks(load);
  try {
    const etcd = await etcdLocks(load);
    try {
      for (let round = 0; round < rounds; round++) {
        if (round % 2 === 0) ours.push(await own.measure());
        etcds.push(await etcd.measure());
        if (round % 2 === 1) ours.push(await own.measure());
      }
    } finally {
      await etcd.stop();
    }
  } finally {
    await own.stop();
  }
  return rowsOf({ load, version }, median(ours), median(etcds));
}

function rowsOf(
  { load: { clients, locks }, version }: { load: LockLoad; version: string },
  ours: Measured,
  etcd: Measured,
): BenchmarkRow[] {
  const work = `${clients} clients, ${locks ?? clients} locks on 3 servers, synced`;
  return [
    {
      work: `${work}: acquires and releases`,
      ours: throughputText(ours),
      peer: `etcd ${version}, v3lock: ${throughputText(etcd)}`,
      ratio: ours.throughput / etcd.throughput,
      bar: 0.7,
    },
    {
      work: `${work}: latency p99`,
      ours: latencyText(ours),
      peer: `etcd ${latencyText(etcd)}`,
      ratio: etcd.p99Ms / ours.p99Ms,
      bar: locks === null ? 0.7 : null,
    },
  ];
}

function throughputText({ throughput, clientCores, serverCores }: Measured): string {
  const cores = `${clientCores.toFixed(2)} + ${serverCores.toFixed(2)} cores`;
  return `${Math.round(throughput).toLocaleString("en-GB")}/s (clients + servers: ${cores})`;
}

function latencyText({ p50Ms, p99Ms }: Measured): string {
  return `p99 ${p99Ms.toFixed(1)} ms, p50 ${p50Ms.toFixed(1)} ms`;
}

/** Each figure's own median. */
function median(rows: readonly Measured[]): Measured {
  const of = (name: keyof Measured): number => {
    const sorted = rows.map((row) => row[name]).sort((a, b) => a - b);
    return sorted[sorted.length >> 1];
  };
  const [throughput, p50Ms, p99Ms] = [of("throughput"), of("p50Ms"), of("p99Ms")];
  return {
    throughput,
    p50Ms,
    p99Ms,
    clientCores: of("clientCores"),
    serverCores: of("serverCores"),
  };
}
