/** A Raft cluster on a real host, for tests. */
import type { Cluster, ClusterOptions } from "dabbawala/hosts";
import { processes, threads } from "dabbawala/hosts";
import type { RaftLoadOptions } from "dabbawala/consensus";

export const hosts = { threads, processes };
export type HostName = keyof typeof hosts;

export const raft = { module: "dabbawala/consensus", exportName: "Raft" };

export function loadOf(
  count: number,
  options: Partial<RaftLoadOptions>,
): ClusterOptions["clients"] {
  const protocol = { module: "dabbawala/consensus", exportName: "RaftLoadClient" };
  return { protocol, count, options: { ...options } };
}

/** The leader of the highest term, once there is one. */
export async function leaderOf(cluster: Cluster): Promise<string> {
  let leader: string | undefined;
  await cluster.until(async () => {
    leader = await currentLeader(cluster);
    return leader !== undefined;
  });
  return leader as string;
}

async function currentLeader(cluster: Cluster): Promise<string | undefined> {
  let best: { id: string; term: number } | undefined;
  for (const id of cluster.nodes.filter((name) => name.startsWith("n"))) {
    const fields = await cluster.fields(id, ["role", "currentTerm"]);
    const term = (fields?.["currentTerm"] as number | undefined) ?? -1;
    if (fields?.["role"] === "leader" && term > (best?.term ?? -1)) best = { id, term };
  }
  return best?.id;
}

/** Waits until so many operations have ended ok from now on. */
export async function progress(cluster: Cluster, operations: number): Promise<void> {
  const { ok } = await cluster.metrics();
  const isThere = async (): Promise<boolean> => (await cluster.metrics()).ok >= ok + operations;
  await cluster.until(isThere, { timeoutMs: 15_000 });
}
