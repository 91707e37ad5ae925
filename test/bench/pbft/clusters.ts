/** Four replicas of PBFT on real threads or processes, under closed loops of clients. */
import { join } from "node:path";
import { processes, threads } from "dabbawala/hosts";
import type { Cluster } from "dabbawala/hosts";
import { pause } from "../contest/closed-loops";

export type Kind = "signatures" | "macs";
export const hosts = { threads, processes };
export type HostName = keyof typeof hosts;

export interface Setting {
  readonly host: HostName;
  readonly authentication: Kind;
  readonly maxBatchRequests: number;
}

export interface Figures {
  /** Requests answered a second. */
  readonly throughput: number;
  readonly p50Ms: number;
  /** Of the replicas' time in their steps: what it took to make and to check proofs. */
  readonly proofShare: number;
  /** Proofs made or checked by all replicas, a request. */
  readonly proofs: number;
}

export const clients = 64;
const warmUpMs = 700;
const measuredMs = 1_500;

/** Starts it, lets it get warm, measures, and stops it. */
export async function measured(setting: Setting): Promise<Figures> {
  const cluster = await start(setting);
  try {
    await cluster.until(async () => (await cluster.metrics()).ok > clients);
    await pause(warmUpMs);
    await cluster.resetMetrics();
    const before = await spent(cluster);
    await pause(measuredMs);
    const { throughput, latency, ok } = await cluster.metrics();
    const after = await spent(cluster);
    const proofShare = (after.proofsMs - before.proofsMs) / (after.stepsMs - before.stepsMs);
    const proofs = (after.proofs - before.proofs) / ok;
    return { throughput, p50Ms: latency.p50Ms, proofShare, proofs };
  } finally {
    await cluster.stop();
  }
}

async function start({ host, authentication, maxBatchRequests }: Setting): Promise<Cluster> {
  const own = { authentication, maxBatchRequests, maxInFlight: maxBatchRequests === 1 ? 64 : 2 };
  return hosts[host]({
    protocol: { module: join(__dirname, "timed-pbft.cjs"), exportName: "TimedPbft" },
    nodes: 4,
    options: { ...own, requestTimeoutMs: 10_000, statusMs: 1_000 },
    clients: {
      protocol: { module: "dabbawala/consensus", exportName: "PbftLoadClient" },
      count: clients,
      options: { authentication, retryMs: 5_000 },
    },
    maxHistory: 1,
  });
}

interface Spent {
  readonly stepsMs: number;
  readonly proofsMs: number;
  readonly proofs: number;
}

async function spent(cluster: Cluster): Promise<Spent> {
  const names = ["stepsMs", "proofsMs", "proofs"] as const;
  const replicas = cluster.nodes.filter((node) => node.startsWith("n"));
  const fields = await Promise.all(replicas.map((node) => cluster.fields(node, names)));
  const sum = (name: string): number => {
    return fields.reduce((total, one) => total + Number(one?.[name] ?? 0), 0);
  };
  return { stepsMs: sum("stepsMs"), proofsMs: sum("proofsMs"), proofs: sum("proofs") };
}
