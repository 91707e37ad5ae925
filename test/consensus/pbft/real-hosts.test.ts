/** The same classes on real threads and processes: sockets, disks, kills, and a new primary. */
import { afterEach, describe, expect, it } from "vitest";
import { checkLinearizable, describeVerdict, keyValue } from "dabbawala/checks";
import { processes, threads } from "dabbawala/hosts";
import type { Cluster } from "dabbawala/hosts";

const running: Cluster[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((cluster) => cluster.stop()));
});

const of = (exportName: string) => ({ module: "dabbawala/consensus", exportName });

/** A busy machine must not look like a fault. */
const patient = { requestTimeoutMs: 2_000, statusMs: 200, heartbeatMs: 500, checkpointEvery: 20 };
const load = { distinctKeys: 5, valueBytes: 16, readShare: 0.3, thinkMs: 2, retryMs: 500 };

async function started(host: typeof threads, options: Record<string, unknown>): Promise<Cluster> {
  const { authentication } = options;
  const cluster = await host({
    protocol: of("Pbft"),
    nodes: 4,
    options: { ...patient, watermarkWindow: 40, ...options },
    clients: { protocol: of("PbftLoadClient"), count: 4, options: { ...load, authentication } },
  });
  running.push(cluster);
  return cluster;
}

async function progress(cluster: Cluster, operations: number): Promise<void> {
  const { ok } = await cluster.metrics();
  const isThere = async (): Promise<boolean> => (await cluster.metrics()).ok >= ok + operations;
  await cluster.until(isThere, { timeoutMs: 60_000 });
}

/** What these replicas say of themselves. */
async function fieldsOf(cluster: Cluster, name: string): Promise<unknown[]> {
  const all = cluster.nodes.filter((node) => node.startsWith("n"));
  return Promise.all(all.map(async (node) => (await cluster.fields(node, [name]))?.[name]));
}

async function expectLinearizable(cluster: Cluster): Promise<void> {
  const verdict = checkLinearizable(await cluster.history(), keyValue());
  expect(verdict.kind, describeVerdict(verdict)).toBe("linearizable");
}

/** One cluster for both: what follows the check of evidence may lead to another view. */
async function killAllAtOnce(cluster: Cluster): Promise<void> {
  const all = cluster.nodes.filter((node) => node.startsWith("n"));
  await Promise.all(all.map((node) => cluster.kill(node)));
  await Promise.all(all.map((node) => cluster.restart(node)));
  await progress(cluster, 100);
}

describe.each(Object.entries({ threads, processes }))("%s", (_, host) => {
  it.each(["signatures", "macs"])(
    "with %s: the primary is killed, replaced, and comes back; nothing is lost, then with all",
    async (authentication) => {
      const cluster = await started(host, { authentication });
      await progress(cluster, 40);
      await cluster.kill("n1");
      await progress(cluster, 40);
      const views = await fieldsOf(cluster, "view");
      expect(views.slice(1)).toEqual([1, 1, 1]);
      await cluster.restart("n1");
      await progress(cluster, 40);
      await cluster.until(async () => (await fieldsOf(cluster, "view"))[0] === 1, {
        timeoutMs: 30_000,
      });
      const { crashes, fail } = await cluster.metrics();
      expect({ crashes, fail }).toEqual({ crashes: 0, fail: 0 });
      expect(await fieldsOf(cluster, "evidence")).toEqual([[], [], [], []]);
      if (host === processes && authentication === "signatures") await killAllAtOnce(cluster);
      await expectLinearizable(cluster);
    },
    120_000,
  );
});
