/** Exact answers of the sources: libketama's fixtures, the papers' tables, hashring itself. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { evenNodes, fillMaglev, HashRing, jumpHash } from "dabbawala/partitioning";

const Peer = require("hashring") as new (servers: unknown) => { get(key: string): string };
const fixtures = join(require.resolve("hashring"), "..", "tests", "fixtures");

describe("the ketama dialect", () => {
  it("has the owners of hashring's own fixture of libketama, for all its 100,000 keys", () => {
    const nodes = [1, 2, 3, 4, 5].map((weight) => ({ id: `0.0.0.${weight}`, weight }));
    const ring = new HashRing(nodes, { dialect: "ketama" });
    const lines = readFileSync(join(fixtures, "ketama.txt"), "utf8").trim().split("\n");
    const wrong = lines
      .map((line) => line.split(" "))
      .filter(([key, server]) => ring.owner(key) !== server);
    expect(lines.length).toBe(100_000);
    expect(wrong).toEqual([]);
  });

  it("has the owners of hashring with default settings, for 10,000 keys", () => {
    const servers = Array.from({ length: 10 }, (_, i) => `10.0.0.${i}:11211`);
    const [ring, peer] = [
      new HashRing(evenNodes(servers), { dialect: "ketama" }),
      new Peer(servers),
    ];
    const keys = Array.from({ length: 10_000 }, (_, i) => `wallet-${i}-बटुआ`);
    expect(keys.filter((key) => ring.owner(key) !== peer.get(key))).toEqual([]);
  });

  it("has hashring's owners for weights that are no whole shares", () => {
    const weights = { "a:1": 3, "b:1": 7, "c:1": 1, "d:1": 13 };
    const nodes = Object.entries(weights).map(([id, weight]) => ({ id, weight }));
    const [ring, peer] = [new HashRing(nodes, { dialect: "ketama" }), new Peer(weights)];
    const keys = Array.from({ length: 5_000 }, (_, i) => `key ${i}`);
    expect(keys.filter((key) => ring.owner(key) !== peer.get(key))).toEqual([]);
  });
});

describe("jump hash", () => {
  it.each([
    [1n, 1, 0],
    [42n, 57, 43],
    [0xdead10ccn, 1, 0],
    [0xdead10ccn, 666, 361],
    [256n, 1024, 520],
    [0n, 2, 0],
    [4n, 2, 1],
    [7n, 2, 0],
    [1n, 128, 55],
    [129n, 128, 120],
    [128n, 100_000_000, 38_172_097],
    [2n ** 64n - 1n, 128, 92],
  ])("of key %s with %i buckets is %i", (key, buckets, bucket) => {
    expect(jumpHash(Number(key >> 32n), Number(key & 0xffffffffn), buckets)).toBe(bucket);
  });

  it("refuses buckets that are none", () => {
    expect(() => jumpHash(0, 1, 0)).toThrow("buckets");
  });
});

describe("Maglev, table 1 of the paper", () => {
  const orders = [
    { offset: 3, skip: 4 },
    { offset: 0, skip: 2 },
    { offset: 3, skip: 1 },
  ];

  it("has its slots before and after a node leaves", () => {
    expect([...fillMaglev(orders, 7)]).toEqual([1, 0, 1, 0, 2, 2, 0]);
    expect([...fillMaglev([orders[0], orders[2]], 7)]).toEqual([0, 0, 0, 0, 1, 1, 1]);
  });
});
