import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { flipkartHeader, flipkartRows, writeDataSet } from "dabbawala/generators";
import type { FlipkartRow } from "dabbawala/generators";
import {
  bayesianStars,
  buildSearch,
  inverseFrequency,
  lengthFactor,
  rsjWeight,
  saturate,
  weightedFrequency,
} from "dabbawala/scenarios/flipkart";
import type { Hit, Partition, ProductSearch } from "dabbawala/scenarios/flipkart";
import { bruteForce } from "./brute-force";

const folder = mkdtempSync(join(tmpdir(), "dabbawala-flipkart-"));
afterAll(() => rmSync(folder, { recursive: true }));

// A tenth of the rows is faulty, a third of these copies of others: equal scores.
const spec = { rows: 1_500, seed: 5, faults: 0.1 };
const rows = [...flipkartRows(spec)];
const file = join(folder, "catalogue.csv");
const searches: { name: string; search: ProductSearch }[] = [];

beforeAll(async () => {
  await writeDataSet("flipkart", spec, { format: "csv", out: file, workers: 1 });
  for (const [shards, partition] of [
    [1, "product"],
    [3, "product"],
    [4, "category"],
    [40, "product"],
  ] as [number, Partition][]) {
    const search = await buildSearch(file, { shards, partition, workers: 2 });
    searches.push({ name: `${shards} shards by ${partition}`, search });
  }
});

const keys = (hits: readonly Hit[]): string[] =>
  hits.map(({ product, score }) => `${product.product} ${score}`);

describe("paper: BM25, Robertson and Zaragoza 2009", () => {
  it("3.1: a word's weight is the logarithm of the odds that a document lacks it", () => {
    expect(rsjWeight(500_000, 40_000)).toBeCloseTo(Math.log(460_000.5 / 40_000.5), 12);
    expect(rsjWeight(10, 9)).toBeLessThan(0);
    expect(inverseFrequency(10, 9)).toBeGreaterThan(0);
    expect(inverseFrequency(500_000, 300)).toBeCloseTo(rsjWeight(500_000, 300), 2);
  });

  it("3.4: occurrences saturate, at k1 of them by half", () => {
    expect(saturate(0, 1.2)).toBe(0);
    expect(saturate(1.2, 1.2)).toBe(0.5);
    expect(saturate(1e9, 1.2)).toBeCloseTo(1, 6);
    expect(saturate(3, 0)).toBe(1);
  });

  it("3.4: b is how far length counts", () => {
    expect(lengthFactor(200, 100, 0)).toBe(1);
    expect(lengthFactor(200, 100, 1)).toBe(2);
    expect(lengthFactor(100, 100, 0.6)).toBe(1);
  });

  it("3.6: a field's occurrences are weighed before they are saturated", () => {
    const fields = [
      { column: "title", weight: 3, b: 0 },
      { column: "description", weight: 1, b: 1 },
    ];
    const frequencies = [9, 9, 2, 4];
    const sum = weightedFrequency(fields, [5, 10], {
      ...{ frequencies, at: 2 },
      ...{ lengths: [7, 20], lengthAt: 0 },
    });
    expect(sum).toBe(3 * 2 + 4 / 2);
  });

  // Croft, Metzler, Strohman, "Search Engines: Information Retrieval in Practice", 7.2.2: the query
  // "president lincoln", in 40,000 and 300 of 500,000 documents; k1 1.2, b 0.75, 0.9 of the mean
  // length. The book multiplies by k1 + 1.
  it.each([
    [15, 25, 20.66],
    [15, 1, 12.74],
    [15, 0, 5.0],
    [1, 25, 18.2],
    [0, 25, 15.66],
  ])(
    "agrees with the textbook's table: president %i times, lincoln %i: %f",
    (first, second, due) => {
      const fields = [{ column: "text", weight: 1, b: 0.75 }];
      const score = [[first, 40_000] as const, [second, 300] as const].reduce(
        (sum, [frequency, containing]) => {
          const place = { frequencies: [frequency], at: 0, lengths: [90], lengthAt: 0 };
          const points = saturate(weightedFrequency(fields, [100], place), 1.2);
          return sum + 2.2 * rsjWeight(500_000, containing) * points;
        },
        0,
      );
      expect(Math.abs(score - due)).toBeLessThan(0.05); // it rounds on the way
    },
  );
});

describe("the signals", () => {
  it("stars: a thousand buyers' 4.6 beat one buyer's 5", () => {
    const product = { ...rows[0]!, title: "", rating: 5, ratings: 1 };
    const { statistics } = searches[0]!.search.shards[0]!;
    const few = bayesianStars(product, statistics, 20);
    const many = bayesianStars({ ...product, rating: 4.6, ratings: 1_000 }, statistics, 20);
    expect(many).toBeGreaterThan(few);
    expect(bayesianStars({ ...product, ratings: 0 }, statistics, 20)).toBeCloseTo(3.9, 0);
    expect(bayesianStars(product, statistics, 0)).toBe(5);
  });
});

const queries = [
  ...["cotton kurta blue", "the best wireless headphones", "the and with", "Shoes, SHOES!"],
  ...["nilgiri", "steel cooker 5 litre", "the", "zzz", "", "maroon juttis for the family"],
];

describe("search", () => {
  it.each(queries)("%s: agrees with a brute force over the texts", (query) => {
    const due = bruteForce(rows, query);
    for (const { name, search } of searches) {
      const all = search.rankAll(query);
      expect(all.length, name).toBe(due.length);
      all.forEach(({ product, score }, i) => {
        const other = due[i]!;
        if (Math.abs(score - other.score) > 1e-9) expect.fail(`${name}: ${i}`);
        if (product.product === other.product) return;
        // Sums that differ in their last bits may change places; nothing else may.
        const same = due.find((hit) => hit.product === product.product)!;
        if (Math.abs(same.score - score) > 1e-9) expect.fail(`${name}: ${i}`);
      });
    }
  });

  it("the head is that of the whole sort, ties too, pruned or not, for any shards", () => {
    const vocabulary = [...new Set(rows.slice(0, 60).flatMap((row) => wordsIn(row)))];
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...vocabulary, "absent"), { maxLength: 6 }),
        fc.integer({ min: 0, max: 60 }),
        (words, count) => {
          const query = words.join(" ");
          const due = keys(searches[0]!.search.rankAll(query)).slice(0, count);
          for (const { search } of searches) {
            for (const isPruned of [true, false]) {
              expect(keys(search.search(query, { count, isPruned }).hits)).toEqual(due);
            }
          }
        },
      ),
      { numRuns: 120, seed: 2 },
    );
  });

  it("equal scores do occur in these catalogues, in different shards", () => {
    const all = searches[1]!.search.rankAll("the and with cotton");
    const ties = all.filter(({ score }, i) => score === all[i + 1]?.score);
    expect(ties.length).toBeGreaterThan(10);
    expect(ties.some((hit) => hit.shard !== all[all.indexOf(hit) + 1]!.shard)).toBe(true);
  });

  it("every score is exactly the sum of its parts", () => {
    for (const query of queries) {
      for (const { product, score, parts } of searches[2]!.search.rankAll(query)) {
        const sum = parts.reduce((total, { points }) => total + points, 0);
        const areRight = parts.every(({ value, weight, points }) => points === value * weight);
        if (sum !== score || !areRight) expect.fail(`${query}: ${product.product}`);
      }
    }
  });

  it("pruning reads fewer postings where a word is rare", () => {
    const { postings, postingsRead } = searches[0]!.search.search("the best juttis", { count: 3 });
    expect(postingsRead).toBeLessThan(postings / 3);
  });

  it("local statistics rank otherwise where the shards are of different kinds", () => {
    const overlap = (search: ProductSearch): number => {
      const top = (statistics: "global" | "local"): number[] =>
        search
          .search("cotton kurta for the festive day", { count: 20, statistics })
          .hits.map(({ product }) => product.product);
      const local = new Set(top("local"));
      return top("global").filter((product) => local.has(product)).length;
    };
    expect(overlap(searches[0]!.search)).toBe(20);
    expect(overlap(searches[2]!.search)).toBeLessThan(overlap(searches[1]!.search));
  });

  it("weights can be changed, the rest stays", () => {
    const { search } = searches[1]!;
    const weights = { relevance: 0, price: 0, rating: 0 };
    const [best] = search.withRanking({ weights }).search("the", { count: 1 }).hits;
    const most = Math.max(...rows.filter((row) => wordsIn(row).includes("the")).map(soldOf));
    expect(best!.product.sold).toBe(most);
    expect(search.withRanking({ k1: 2 }).ranking.weights).toEqual(search.ranking.weights);
  });
});

const soldOf = ({ sold }: FlipkartRow): number => sold;
const wordsIn = ({ title, description }: FlipkartRow): string[] =>
  `${title} ${description}`.toLowerCase().split(" ");

describe("bad input", () => {
  const header = flipkartHeader.join(",");
  it.each([
    ["another header", "a,b\n1,2\n", "its header is not product,title"],
    ["a short line", `${header}\n1,x\n`, ":2: this is no product"],
    ["stars", `${header}\n1,t,b,c,d,10,6,1,1\n`, ":2: this is no product"],
    ["one number twice", `${header}\n${"1,t,b,c,d,10,4,1,1\n".repeat(2)}`, "two products number 1"],
  ])("%s is told in a sentence", async (_name, text, told) => {
    const bad = join(folder, "bad.csv");
    writeFileSync(bad, text);
    await expect(buildSearch(bad, { workers: 1 })).rejects.toThrow(told);
  });

  it("options out of range, a missing file", async () => {
    await expect(buildSearch(join(folder, "none"))).rejects.toThrow("there is no such file");
    await expect(buildSearch(file, { shards: 0 })).rejects.toThrow("shards must be from 1");
    const { search } = searches[0]!;
    expect(() => search.search("a", { count: -1 })).toThrow("count must be from 0");
    expect(() => search.withRanking({ k1: -1 })).toThrow("k1 must be from 0");
    expect(() => search.withRanking({ weights: { price: NaN } })).toThrow("weights.price");
  });

  it("a catalogue without products has no hits", async () => {
    const empty = join(folder, "empty.csv");
    writeFileSync(empty, `${header}\n`);
    const search = await buildSearch(empty, { workers: 1 });
    expect(search.search("kurta").hits).toEqual([]);
  });
});
