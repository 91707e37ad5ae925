import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AntiEntropy } from "dabbawala/membership";
import type { AntiEntropyMessage, Entry, GossipMode } from "dabbawala/membership";
import { Simulator, randomFaults } from "dabbawala/hosts";
import { emptyDatabase, merge } from "dabbawala/dist/membership/gossip/database";

const ids = ["n1", "n2", "n3", "n4", "n5"];

function group(seed: number, mode: GossipMode) {
  const simulator = new Simulator<AntiEntropyMessage, "cycle">({ seed, isTraced: false });
  for (const id of ids) simulator.add(id, AntiEntropy, { options: { mode, cycleMs: 100 } });
  const write = (id: string, key: string, value: unknown): void => {
    if (simulator.isUp(id)) simulator.inject("outside", id, { type: "write", key, value });
  };
  const databases = () => ids.map((id) => (simulator.nodeOf(id) as AntiEntropy).database);
  return { simulator, write, databases };
}

describe.each(["push", "pull", "pushPull"] as const)("anti-entropy by %s", (mode) => {
  it("makes replicas equal after crashes, loss and partitions, in 30 storms", () => {
    for (let seed = 1; seed <= 30; seed++) {
      const { simulator, write, databases } = group(seed, mode);
      const often = { everyMs: 600, minMs: 10, maxMs: 900 };
      const network = { ...often, maxLossRate: 0.3, maxDuplicateRate: 0.3 };
      const kinds = { crash: often, pause: often, partition: often, network };
      simulator.schedule(...randomFaults({ seed, names: ids, untilMs: 4_000, ...kinds }));
      for (let i = 0; i < 30; i++) {
        simulator.run({ untilMs: i * 130 });
        write(ids[(i * 7 + seed) % 5] as string, `k${i % 6}`, i % 9 === 0 ? null : i);
      }
      simulator.run({ untilMs: 8_000 });
      const all = databases();
      expect(new Set(all.map(({ checksum }) => checksum)).size).toBe(1);
      const texts = all.map(({ entries }) => JSON.stringify([...entries.values()].sort(byKey)));
      expect(new Set(texts).size).toBe(1);
      expect(all[0]?.entries.size).toBe(6);
    }
  });
});

function byKey(left: Entry, right: Entry): number {
  return left.key < right.key ? -1 : 1;
}

it("replicas that agree exchange their checksums and nothing more", () => {
  let entries = 0;
  class Counting extends AntiEntropy {
    override handle(...[event, host]: Parameters<AntiEntropy["handle"]>): void {
      if (event.kind === "message" && event.message.type === "entries") entries++;
      super.handle(event, host);
    }
  }
  const simulator = new Simulator<AntiEntropyMessage, "cycle">({ seed: 1, isTraced: false });
  for (const id of ids) simulator.add(id, Counting);
  simulator.inject("outside", "n1", { type: "write", key: "k", value: 1 });
  simulator.run({ untilMs: 10_000 });
  const before = entries;
  simulator.run({ untilMs: 20_000 });
  expect(before).toBeGreaterThan(3);
  expect(entries).toBe(before);
});

describe("the replica", () => {
  const entry = fc.record({
    key: fc.constantFrom("a", "b", "c"),
    value: fc.nat(5),
    stamp: fc.record({ time: fc.integer({ min: 1, max: 5 }), writer: fc.constantFrom("n1", "n2") }),
  });
  /** One value for one stamp, as writers make them. */
  const consistent = (entries: readonly Entry[]): Entry[] =>
    entries.map((each) => ({ ...each, value: `${each.stamp.writer}@${each.stamp.time}` }));

  it("is the same in whatever order writes arrive, and so is its checksum", () => {
    const property = fc.property(fc.array(entry, { maxLength: 20 }), (drawn) => {
      const entries = consistent(drawn);
      const [left, right] = [emptyDatabase(), emptyDatabase()];
      for (const each of entries) merge(left, each);
      for (const each of [...entries, ...entries].reverse()) merge(right, each);
      expect(right.checksum).toBe(left.checksum);
      expect(new Map([...right.entries].sort())).toEqual(new Map([...left.entries].sort()));
    });
    fc.assert(property, { numRuns: 300 });
  });

  it("has another checksum when two writes have other writers, one for the other", () => {
    let equal = 0;
    for (let time = 1; time <= 2_000; time++) {
      const [left, right] = [emptyDatabase(), emptyDatabase()];
      const of = (key: string, writer: string): Entry => ({
        key,
        value: 1,
        stamp: { time, writer },
      });
      for (const each of [of("k1", "n3"), of("k2", "n5")]) merge(left, each);
      for (const each of [of("k1", "n5"), of("k2", "n3")]) merge(right, each);
      if (left.checksum === right.checksum) equal++;
    }
    expect(equal).toBe(0);
  });

  it("has another checksum when a write is missing", () => {
    const stamp = { time: 1, writer: "n1" };
    const [left, right] = [emptyDatabase(), emptyDatabase()];
    merge(left, { key: "a", value: 1, stamp });
    expect(left.checksum).not.toBe(right.checksum);
    merge(right, { key: "a", value: 1, stamp: { time: 2, writer: "n1" } });
    expect(left.checksum).not.toBe(right.checksum);
  });
});

it("an option that is wrong is named", () => {
  const build = (options: object) => () => new AntiEntropy("n1", ["n2"], options);
  expect(build({ cycleMs: 0 })).toThrow("cycleMs must be from 0.1");
  expect(build({ mode: "pul" })).toThrow("mode must be one of push, pull, pushPull");
  expect(build({ fanout: 2 })).toThrow('AntiEntropy has no option "fanout"');
});
