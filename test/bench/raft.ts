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
import type { BenchmarkRow } from "./benchmark";
import { etcdVersion } from "./raft/etcd";
import { etcdSide, ourSide } from "./raft/load";
import type { Measured } from "./raft/load";

const rounds = 5;

export async function run(): Promise<BenchmarkRow[]> {
  const version = etcdVersion();
  if (version === undefined) {
    console.error("raft: skipped, since etcd is not installed: apt-get install etcd-server");
    return [];
  }
  const rows: BenchmarkRow[] = [];
  for (const clients of [1, 16, 64]) rows.push(...(await contest(clients, version)));
  return rows;
}

async function contest(clients: number, version: string): Promise<BenchmarkRow[]> {
  const [ours, etcds]: [Measured[], Measured[]] = [[], []];
  const own = await ourSide(clients);
  try {
    const etcd = await etcdSide(clients);
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
  return rowsOf({ clients, version }, median(ours), median(etcds));
}

function rowsOf(
  { clients, version }: { clients: number; version: string },
  ours: Measured,
  etcd: Measured,
): BenchmarkRow[] {
  const work = `256-byte puts to 3 servers, synced, ${clients} client${clients > 1 ? "s" : ""}`;
  const isBarred = clients === 64;
  return [
    {
      work,
      ours: throughputText(ours),
      peer: `etcd ${version}, @grpc/grpc-js: ${throughputText(etcd)}`,
      ratio: ours.throughput / etcd.throughput,
      bar: isBarred ? 0.7 : null,
    },
    {
      work: `${work}: latency p99`,
      ours: latencyText(ours),
      peer: `etcd ${latencyText(etcd)}`,
      ratio: etcd.p99Ms / ours.p99Ms,
      bar: isBarred ? 0.67 : null,
    },
  ];
}

/** Who eats the cores is said with every figure: clients and servers share them. */
function throughputText({ throughput, clientCores, serverCores }: Measured): string {
  const cores = `${clientCores.toFixed(2)} + ${serverCores.toFixed(2)} cores`;
  return `${Math.round(throughput).toLocaleString("en-GB")} puts/s (clients + servers: ${cores})`;
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
  return {
    throughput: of("throughput"),
    p50Ms: of("p50Ms"),
    p99Ms: of("p99Ms"),
    clientCores: of("clientCores"),
    serverCores: of("serverCores"),
  };
}
