/** Scripted runs as text: DYNAMO_STORY=write writes the files anew. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { at, crash, heal, partition, restart } from "dabbawala/hosts";
import { DynamoCluster } from "dabbawala/replication";
import type { DynamoClusterSettings } from "dabbawala/replication";

class Story {
  readonly lines: string[] = [];
  readonly cluster: DynamoCluster;

  constructor(settings: Partial<DynamoClusterSettings>) {
    this.cluster = new DynamoCluster({
      seed: 1,
      servers: 5,
      ...settings,
      options: { partitions: 1, merkleDepth: 2, ...settings.options },
      simulator: { network: { latency: { kind: "uniform", minMs: 1, maxMs: 3 } } },
      onNote: ({ atMs, node, label, detail }) => {
        if (label === "ended" || label === "invoke") return;
        const text = JSON.stringify(detail).replace(/"/g, "");
        this.lines.push(`${atMs.toFixed(0).padStart(6)} ms  ${node} ${label} ${text}`);
      },
    });
    this.cluster.addClient("c1", { server: "n1", answerMs: 1_000 });
    this.cluster.addClient("c2", { server: "n4", answerMs: 1_000 });
    this.cluster.run(10);
  }

  tell(line: string): void {
    this.lines.push(`${this.cluster.nowMs.toFixed(0).padStart(6)} ms  -- ${line}`);
  }

  run(forMs: number): void {
    this.cluster.run(this.cluster.nowMs + forMs);
  }

  add(client: string, item: string): void {
    this.tell(`${client} puts ${item} into the cart`);
    this.cluster.submit(client, { op: "add", key: "cart", item });
    this.run(300);
  }

  matches(name: string): void {
    const file = join(__dirname, `${name}.story.txt`);
    const text = this.lines.join("\n") + "\n";
    if (process.env["DYNAMO_STORY"] === "write" || !existsSync(file)) writeFileSync(file, text);
    expect(text).toBe(readFileSync(file, "utf8"));
  }
}

describe("stories", () => {
  it("a cart on both sides of a partition: two versions, and the client merges them", () => {
    const story = new Story({ options: { isSloppy: true } });
    const { cluster } = story;
    story.add("c1", "milk");
    const sides = [
      ["n1", "n2", "c1"],
      ["n3", "n4", "n5", "c2"],
    ];
    story.tell(`partition: ${sides.map((side) => side.join(" ")).join(" | ")}`);
    cluster.schedule(at(Math.ceil(cluster.nowMs), partition(...sides)));
    story.run(900); // so that each side has noticed who is away
    for (const [client, item] of [
      ["c1", "tea"],
      ["c2", "rice"],
      ["c1", "salt"],
    ]) {
      story.add(client, item);
      story.run(400);
    }
    story.tell("the partition heals");
    cluster.schedule(at(Math.ceil(cluster.nowMs), heal()));
    story.run(3_000);
    story.add("c2", "dal");
    story.run(1_000);
    expect(cluster.disorder()).toBeUndefined();
    const [{ entries }] = cluster.living().filter(({ entries: all }) => all.size > 0);
    const values = entries.get("cart")?.versions.map(({ value }) => value.value) ?? [];
    expect(values).toHaveLength(1);
    expect(values[0]).toEqual(expect.arrayContaining(["milk", "tea", "salt", "rice", "dal"]));
    story.matches("cart-in-a-partition");
  });

  it("a node dies and is replaced, and the cart is where it was", () => {
    const story = new Story({ spares: 1 });
    const { cluster } = story;
    story.add("c1", "milk");
    const owners = cluster.living()[0].owners.now[0];
    const owner = owners.find((id) => !["n1", "n4"].includes(id)) as string;
    story.tell(`${owner}, an owner, dies`);
    cluster.schedule(at(Math.ceil(cluster.nowMs), crash([owner])));
    story.add("c2", "tea");
    story.tell(`n6 replaces ${owner}`);
    cluster.change("n1", { kind: "replace", node: owner, by: "n6" });
    story.run(3_000);
    story.add("c1", "salt");
    story.tell(`${owner} comes back, and hears that it is gone`);
    cluster.schedule(at(Math.ceil(cluster.nowMs), restart([owner])));
    story.run(4_000);
    expect(cluster.disorder()).toBeUndefined();
    expect(
      cluster
        .living()
        .find(({ id }) => id === "n6")
        ?.entries.has("cart"),
    ).toBe(true);
    expect(cluster.living().find(({ id }) => id === owner)?.entries.size).toBe(0);
    story.matches("replacement");
  });
});
