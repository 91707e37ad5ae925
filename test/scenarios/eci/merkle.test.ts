import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { leafHash, MerkleLog, nodeHash } from "dabbawala/scenarios/eci";
import { verifyConsistency, verifyInclusion } from "dabbawala/scenarios/eci";

/** Entries and hashes of the reference tests of Certificate Transparency (RFC 6962's authors). */
const published = [
  ...["", "00", "10", "2021", "3031", "40414243", "5051525354555657"],
  "606162636465666768696a6b6c6d6e6f",
].map((text) => Buffer.from(text, "hex"));

const roots = [
  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

const hashes = {
  a: "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
  b: "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
  c: "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
  d: "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
  e: "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
  f: "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
  g: "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
};

describe("the Merkle tree has the published hashes", () => {
  const log = MerkleLog.of(published);

  it.each(roots.map((root, size) => [size, root] as const))("root of %i entries", (size, root) => {
    expect(log.root(size)).toBe(root);
  });

  it.each([
    [0, 1, []],
    [0, 8, [hashes.a, hashes.b, hashes.c]],
    [5, 8, [hashes.d, hashes.e, roots[4] as string]],
    [2, 3, [roots[2] as string]],
    [1, 5, [roots[1] as string, hashes.b, hashes.d]],
  ])("path of entry %i among %i", (index, size, path) => {
    expect(log.inclusionProof(index, size).path).toEqual(path);
  });

  it.each([
    [1, 1, []],
    [1, 8, [hashes.a, hashes.b, hashes.c]],
    [6, 8, [hashes.f, hashes.e, roots[4] as string]],
    [2, 5, [hashes.b, hashes.d]],
    [6, 7, [hashes.f, hashes.g, roots[4] as string]],
  ])("proof that %i entries begin %i", (from, to, path) => {
    expect(log.consistencyProof(from, to).path).toEqual(path);
  });
});

const logs = fc
  .array(fc.string(), { minLength: 1, maxLength: 70 })
  .map((entries) => ({ entries, log: MerkleLog.of(entries) }));

/** A log, a size of it and a place in that. */
const places = logs.chain(({ entries, log }) =>
  fc.integer({ min: 1, max: entries.length }).chain((size) =>
    fc.record({
      entries: fc.constant(entries),
      log: fc.constant(log),
      size: fc.constant(size),
      index: fc.integer({ min: 0, max: size - 1 }),
      nonce: fc.nat(),
    }),
  ),
);

function flip(hash: string, nonce: number): string {
  const at = nonce % hash.length;
  const other = hash[at] === "0" ? "1" : "0";
  return hash.slice(0, at) + other + hash.slice(at + 1);
}

describe("inclusion", () => {
  it("is shown for every entry of every size", () => {
    fc.assert(
      fc.property(places, ({ entries, log, size, index }) => {
        const proof = log.inclusionProof(index, size);
        expect(verifyInclusion(entries[index] as string, proof, log.root(size))).toBe(true);
        expect(proof.path.length).toBeLessThanOrEqual(Math.ceil(Math.log2(size)));
      }),
    );
  });

  it("is refused for any other entry, place, size, root or path", () => {
    fc.assert(
      fc.property(places, ({ entries, log, size, index, nonce }) => {
        const proof = log.inclusionProof(index, size);
        const root = log.root(size);
        const entry = entries[index] as string;
        const says = (changes: object, other = entry, of = root): boolean =>
          verifyInclusion(other, { ...proof, ...changes }, of);
        expect(says({}, entry + "0")).toBe(false);
        expect(says({}, entry, flip(root, nonce))).toBe(false);
        expect(says({ path: [...proof.path, root] })).toBe(false);
        expect(says({ index: size })).toBe(false);
        expect(says({ index: index + 0.5 })).toBe(false);
        if (proof.path.length === 0) return;
        const at = nonce % proof.path.length;
        const altered = proof.path.map((hash, i) => (i === at ? flip(hash, nonce) : hash));
        expect(says({ path: altered })).toBe(false);
        expect(says({ path: proof.path.filter((_, i) => i !== at) })).toBe(false);
        const turned = [...proof.path].reverse();
        if (turned.join() !== proof.path.join()) expect(says({ path: turned })).toBe(false);
        const elsewhere = nonce % size;
        if (entries[elsewhere] !== entry) expect(says({ index: elsewhere })).toBe(false);
      }),
    );
  });

  it("cannot be shown for an inner node (a second preimage)", () => {
    const log = MerkleLog.of(["a", "b"]);
    const inner = Buffer.concat([leafHash("a"), leafHash("b")]);
    expect(nodeHash(leafHash("a"), leafHash("b")).toString("hex")).toBe(log.root());
    expect(verifyInclusion(inner, { index: 0, size: 1, path: [] }, log.root())).toBe(false);
  });
});

describe("consistency", () => {
  it("is shown between any two sizes, also while the log grows", () => {
    fc.assert(
      fc.property(places, ({ entries, size, index }) => {
        const from = index + 1;
        const log = MerkleLog.of(entries.slice(0, from));
        const earlier = log.root();
        for (const entry of entries.slice(from, size)) log.append(entry);
        const proof = log.consistencyProof(from);
        expect(verifyConsistency(proof, { earlier, later: log.root() })).toBe(true);
      }),
    );
  });

  it("is refused when an entry of noon was changed, left out or put elsewhere", () => {
    fc.assert(
      fc.property(places, ({ entries, log, size, index, nonce }) => {
        const from = index + 1;
        const at = nonce % from;
        const entry = entries[at] as string;
        const tampered = entries.map((each, i) => (i === at ? each + "!" : each));
        const evening = MerkleLog.of(tampered);
        const proof = evening.consistencyProof(from, size);
        const later = evening.root(size);
        expect(verifyConsistency(proof, { earlier: log.root(from), later })).toBe(false);
        const next = entries[(at + 1) % from] as string;
        if (next === entry) return;
        const swapped = entries.map((each, i) =>
          i === at ? next : i === (at + 1) % from ? entry : each,
        );
        const turned = MerkleLog.of(swapped);
        const roots = { earlier: log.root(from), later: turned.root(size) };
        expect(verifyConsistency(turned.consistencyProof(from, size), roots)).toBe(false);
      }),
    );
  });

  it("is refused for any altered proof or root", () => {
    fc.assert(
      fc.property(places, ({ log, size, index, nonce }) => {
        const from = index + 1;
        const proof = log.consistencyProof(from, size);
        const roots = { earlier: log.root(from), later: log.root(size) };
        const says = (changes: object, of: object = {}): boolean =>
          verifyConsistency({ ...proof, ...changes }, { ...roots, ...of });
        expect(says({})).toBe(true);
        expect(says({}, { later: flip(roots.later, nonce) })).toBe(false);
        expect(says({}, { earlier: flip(roots.earlier, nonce) })).toBe(false);
        expect(says({ path: [...proof.path, roots.later] })).toBe(false);
        if (proof.path.length === 0) return;
        const at = nonce % proof.path.length;
        const altered = proof.path.map((hash, i) => (i === at ? flip(hash, nonce) : hash));
        expect(says({ path: altered })).toBe(false);
        expect(says({ path: proof.path.filter((_, i) => i !== at) })).toBe(false);
      }),
    );
  });

  it("is refused, without an error, for what is no proof", () => {
    const roots = { earlier: "", later: "" };
    for (const path of [["x"], ["g".repeat(64)], Array<string>(65).fill("0".repeat(64))]) {
      expect(verifyConsistency({ from: 1, to: 2, path }, roots)).toBe(false);
      expect(verifyInclusion("", { index: 0, size: 2, path }, "")).toBe(false);
    }
    expect(verifyConsistency({ from: 2, to: 1, path: [] }, roots)).toBe(false);
    expect(verifyConsistency({ from: 0, to: 1, path: [] }, roots)).toBe(false);
  });
});

it("says which place there is not", () => {
  const log = MerkleLog.of(["a"]);
  expect(() => log.root(2)).toThrow("size must be from 0 to 1, but was 2");
  expect(() => log.inclusionProof(1)).toThrow("index must be from 0 to 0, but was 1");
  expect(() => log.consistencyProof(0)).toThrow("from must be from 1 to 1, but was 0");
});
