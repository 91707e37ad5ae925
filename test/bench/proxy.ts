/**
 * Our reverse proxy against nginx: the same policy, the same servers behind (four of nginx's, a
 * process each), as many workers, 64 connections in closed loops from one process; all of it on the
 * same cores. nginx's hash is its ring (ketama), ours Maglev's table.
 */
import type { BenchmarkRow } from "./benchmark";
import type { MeasuredWithCores } from "./contest/closed-loops";
import { inTurns } from "./contest/in-turns";
import { failureRow } from "./proxy/failures";
import { nginxServer, nginxVersion } from "./proxy/nginx";
import { clients, ourSide, theirSide, workers } from "./proxy/sides";
import type { Work } from "./proxy/sides";

const policies = [
  { name: "round robin", policy: "round-robin", nginxPolicy: "" },
  { name: "fewest connections", policy: "least-connections", nginxPolicy: "least_conn;" },
  { name: "hash of the path", policy: "maglev", nginxPolicy: "hash $request_uri consistent;" },
] as const;

const bodies = [
  { name: "100 bytes", path: "/small/#" },
  { name: "64 KB", path: "/large/#" },
];

export async function run(): Promise<BenchmarkRow[]> {
  const version = nginxVersion();
  if (version === undefined) {
    console.error("proxy: skipped, since nginx is not installed: apt-get install nginx-light");
    return [];
  }
  const rows: BenchmarkRow[] = [];
  const servers = await Promise.all(Array.from({ length: 4 }, () => nginxServer()));
  const ports = servers.map(({ port }) => port);
  try {
    for (const body of bodies) {
      for (const { name, ...policy } of policies) {
        if (body.path !== "/small/#" && name !== "round robin") continue;
        const work = `proxy, ${name}, ${body.name}, ${clients} clients`;
        rows.push(...(await contest(work, { ...policy, path: body.path, ports }, version)));
      }
    }
  } finally {
    for (const server of servers) await server.stop();
  }
  return [...rows, await failureRow(version)];
}

async function contest(name: string, work: Work, version: string): Promise<BenchmarkRow[]> {
  const { ours, theirs } = await inTurns({
    rounds: 5,
    own: () => ourSide(work),
    peer: () => theirSide(work),
  });
  return [
    {
      work: name,
      ours: throughputText(ours),
      peer: `nginx ${version}, ${workers} worker: ${throughputText(theirs)}`,
      ratio: ours.throughput / theirs.throughput,
      bar: 0.5,
    },
    {
      work: `${name}: latency p99`,
      ours: latencyText(ours),
      peer: `nginx ${latencyText(theirs)}`,
      ratio: theirs.p99Ms / ours.p99Ms,
      bar: 0.5,
    },
  ];
}

function throughputText({ throughput, serverCores }: MeasuredWithCores): string {
  const count = Math.round(throughput).toLocaleString("en-GB");
  return `${count} requests/s (proxy: ${serverCores.toFixed(2)} cores)`;
}

function latencyText({ p50Ms, p99Ms }: MeasuredWithCores): string {
  return `p99 ${p99Ms.toFixed(2)} ms, p50 ${p50Ms.toFixed(2)} ms`;
}
