/** The same classes on real threads and processes: the leader is killed, and comes back. */
import { describe, expect, it } from "vitest";
import { isNewer } from "dabbawala/consensus";
import type { Epoch } from "dabbawala/consensus";
import { processes, threads } from "dabbawala/hosts";
import type { Cluster } from "dabbawala/hosts";

/** A busy machine must not look like a death. */
const options = {
  Bully: { heartbeatMs: 100, leaderTimeoutMs: 1_000, answerMs: 400, coordinatorMs: 1_000 },
  Invitation: { checkMs: 400, answerMs: 300, pollMs: 1_000 },
};

/** The epoch in which all of these are, under one leader among them. */
async function agreedEpoch(cluster: Cluster, nodes: readonly string[]): Promise<Epoch | undefined> {
  const all = await Promise.all(nodes.map((node) => cluster.fields(node, ["epoch", "role"])));
  const epochs = new Set(all.map((fields) => JSON.stringify(fields?.["epoch"])));
  const settled = all.filter((fields) => /leader|member|follower/.test(String(fields?.["role"])));
  if (epochs.size > 1 || settled.length < nodes.length) return undefined;
  const epoch = all[0]?.["epoch"] as Epoch;
  return nodes.includes(epoch.leader) ? epoch : undefined;
}

async function agree(cluster: Cluster, nodes: readonly string[]): Promise<Epoch> {
  let epoch: Epoch | undefined;
  const isAgreed = async () => (epoch = await agreedEpoch(cluster, nodes)) !== undefined;
  await cluster.until(isAgreed, { timeoutMs: 40_000 });
  return epoch as Epoch;
}

describe.each(["Bully", "Invitation"] as const)("%s", (exportName) => {
  it.each(Object.entries({ threads, processes }))(
    "on %s",
    async (_, host) => {
      const protocol = { module: "dabbawala/consensus", exportName };
      const cluster = await host({ protocol, nodes: 4, options: options[exportName] });
      try {
        const first = await agree(cluster, cluster.nodes);
        await cluster.kill(first.leader);
        const others = cluster.nodes.filter((node) => node !== first.leader);
        const second = await agree(cluster, others);
        expect(isNewer(second, first)).toBe(true);
        await cluster.restart(first.leader);
        const third = await agree(cluster, cluster.nodes);
        expect(isNewer(third, second)).toBe(true);
      } finally {
        await cluster.stop();
      }
    },
    120_000,
  );
});
