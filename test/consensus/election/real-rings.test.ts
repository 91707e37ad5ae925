/** Rings on real threads and processes: messages as in the simulator, and a ring that is mended. */
import { describe, expect, it } from "vitest";
import { countRingElection, isNewer } from "dabbawala/consensus";
import type { Epoch } from "dabbawala/consensus";
import { processes, threads } from "dabbawala/hosts";
import type { Cluster } from "dabbawala/hosts";

const hosts = Object.entries({ threads, processes });
const module = "dabbawala/consensus";

async function leadersOf(cluster: Cluster, nodes: readonly string[]): Promise<unknown[]> {
  const all = await Promise.all(nodes.map((node) => cluster.fields(node, ["leader"])));
  return all.map((fields) => fields?.["leader"]);
}

async function agree(cluster: Cluster, nodes: readonly string[]): Promise<Epoch> {
  const [last] = nodes.slice(-1);
  const isAgreed = async () => (await leadersOf(cluster, nodes)).every((one) => one === last);
  await cluster.until(isAgreed, { timeoutMs: 40_000 });
  const epochs = await Promise.all(nodes.map((node) => cluster.fields(node, ["epoch"])));
  const texts = new Set(epochs.map((fields) => JSON.stringify(fields?.["epoch"])));
  expect(texts.size).toBe(1);
  return epochs[0]?.["epoch"] as Epoch;
}

describe.each(["Lcr", "HirschbergSinclair"] as const)("%s", (exportName) => {
  const algorithm = exportName === "Lcr" ? "lcr" : "hirschbergSinclair";

  it.each(hosts)(
    "on %s elects the highest, with as many messages as in the simulator",
    async (_, host) => {
      const ring = ["n3", "n5", "n1", "n4", "n2"];
      const simulated = countRingElection({ algorithm, nodes: 5, order: "falling", seed: 1 });
      const falling = [...ring].sort().reverse();
      const options = { ring: falling };
      const cluster = await host({ protocol: { module, exportName }, nodes: 5, options });
      try {
        await agree(cluster, cluster.nodes);
        const expected = Object.values(simulated.messages).reduce((sum, count) => sum + count, 0);
        const sent = async () => (await cluster.metrics()).messagesSent;
        await cluster.until(async () => (await sent()) >= expected);
        expect(await sent()).toBe(expected);
      } finally {
        await cluster.stop();
      }
    },
    60_000,
  );
});

describe("Chang and Roberts", () => {
  it.each(hosts)(
    "on %s: the leader is killed, the ring closes without it, and it comes back",
    async (_, host) => {
      const options = { electionMs: 2_000 };
      const protocol = { module, exportName: "ChangRoberts" };
      const cluster = await host({ protocol, nodes: 4, options });
      const mend = (nodes: readonly string[]): void => {
        for (const node of nodes) cluster.tell(node, { type: "ring", ring: nodes } as never);
      };
      try {
        const all = cluster.nodes;
        const first = await agree(cluster, all);
        await cluster.kill("n4");
        const others = all.slice(0, -1);
        mend(others);
        const second = await agree(cluster, others);
        expect(isNewer(second, first)).toBe(true);
        await cluster.restart("n4");
        mend(all);
        const third = await agree(cluster, all);
        expect(isNewer(third, second)).toBe(true);
      } finally {
        await cluster.stop();
      }
    },
    120_000,
  );
});
