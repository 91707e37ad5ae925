/** The same class on real threads and processes: one member is killed, and starts again. */
import { describe, expect, it } from "vitest";
import { processes, threads } from "dabbawala/hosts";
import type { Cluster } from "dabbawala/hosts";

const swim = { module: "dabbawala/membership", exportName: "Swim" };
/** A busy machine must not look like a death: a suspect has 1.2 s to deny it, at least. */
const options = { periodMs: 150, probeTimeoutMs: 60, suspicionMultiplier: 8, syncMs: 1_000 };
const others = ["n1", "n3", "n4", "n5"];

/** The incarnations of n2 that the member has noted under these labels. */
async function noted(cluster: Cluster, member: string, labels: string[]): Promise<number[]> {
  const notes = await cluster.notes(member);
  const details = notes
    .filter(({ label }) => labels.includes(label))
    .map(({ detail }) => detail as { member: string; incarnation: number });
  return details.filter(({ member: about }) => about === "n2").map((each) => each.incarnation);
}

/** All others have noted it, of an incarnation from this one on. */
async function allNoted(cluster: Cluster, labels: string[], from: number): Promise<boolean> {
  const heard = await Promise.all(others.map((member) => noted(cluster, member, labels)));
  return heard.every((incarnations) => incarnations.some((each) => each >= from));
}

async function incarnationOf(cluster: Cluster, member: string): Promise<number> {
  const fields = await cluster.fields(member, ["incarnation"]);
  return fields?.["incarnation"] as number;
}

describe.each(Object.entries({ threads, processes }))("on %s", (_name, host) => {
  it("a killed member is dead to all, and comes back in a higher incarnation", async () => {
    const cluster = await host({ protocol: swim, nodes: 5, options });
    try {
      const isMember = async (id: string): Promise<boolean> =>
        (await cluster.fields(id, ["part"]))?.["part"] === "member";
      await cluster.until(async () =>
        (await Promise.all(cluster.nodes.map(isMember))).every(Boolean),
      );
      const before = await incarnationOf(cluster, "n2");
      await cluster.kill("n2");
      const patience = { timeoutMs: 30_000 };
      // Who does not find it out is told: "died" is what a member hears of others.
      await cluster.until(() => allNoted(cluster, ["declaredDead", "died"], before), patience);
      await cluster.restart("n2");
      await cluster.until(() => allNoted(cluster, ["joined", "alive"], before + 1), patience);
      expect(await incarnationOf(cluster, "n2")).toBeGreaterThan(before);
      for (const member of others) expect(await isMember(member)).toBe(true);
    } finally {
      await cluster.stop();
    }
  }, 90_000);
});
