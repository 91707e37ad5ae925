import { describe, expect, it } from "vitest";
import { flipkartFaults, flipkartRows, flipkartTruth } from "dabbawala/generators";
import type { FlipkartRow } from "dabbawala/generators";
import {
  brands,
  categories,
  colours,
  lexiconWords,
  wordOf,
} from "dabbawala/dist/generators/flipkart/vocabulary";
import { chiSquare, countsOf } from "./distributions";

const spec = { rows: 30_000, seed: 3 };
const rows = [...flipkartRows(spec)];

function median(values: readonly number[]): number {
  return [...values].sort((left, right) => left - right)[values.length >> 1]!;
}

describe("the catalogue", () => {
  it("numbers its products from 1", () => {
    expect(rows.map(({ product }) => product)).toEqual(rows.map((_, row) => row + 1));
  });

  it("has titles of brand, kind, noun and colour, that fit the category", () => {
    const wrong = rows.filter(({ title, brand, category }) => {
      const [first = "", kind = "", noun = "", colour = "", ...more] = title.split(" ");
      const { kinds, nouns } = categories.find(({ name }) => name === category)!;
      const isOfKind = kinds.includes(kind) && nouns.includes(noun) && colours.includes(colour);
      return first !== brand || !brands.includes(first) || !isOfKind || more.length > 0;
    });
    expect(wrong).toEqual([]);
  });

  it("has categories by their weights: chi-square", () => {
    const index = new Map(categories.map(({ name }, i) => [name, i]));
    const counts = countsOf(
      rows.map(({ category }) => index.get(category)!),
      categories.length,
    );
    const weights = categories.map(({ weight }) => weight);
    const { statistic, limit } = chiSquare(counts, weights);
    expect(statistic).toBeLessThan(limit);
  });

  it("has descriptions of 8 to 60 words whose language follows Zipf's law", () => {
    const counts = new Map<string, number>();
    for (const { description } of rows) {
      const words = description.split(" ");
      if (words.length < 8 || words.length > 60) expect.fail(description);
      for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
    }
    const first = counts.get(wordOf(0))!;
    for (const rank of [1, 3, 9]) {
      expect(counts.get(wordOf(rank))! / first).toBeCloseTo(1 / (rank + 1), 1);
    }
    expect(counts.get(wordOf(999))! / first).toBeGreaterThan(0.5 / 1_000);
    expect(counts.get(wordOf(999))! / first).toBeLessThan(2 / 1_000);
  });

  it("has a language of words that are all different", () => {
    const words = Array.from({ length: lexiconWords }, (_, rank) => wordOf(rank));
    expect(new Set(words).size).toBe(lexiconWords);
    expect(words.every((word) => /^[a-z0-9]+$/.test(word))).toBe(true);
  });

  it("sells by Pareto: at least s pieces with probability 10 / (s + 10)", () => {
    for (const least of [10, 90, 990]) {
      const share = rows.filter(({ sold }) => sold >= least).length / rows.length;
      expect(share / (10 / (least + 10))).toBeGreaterThan(0.75);
      expect(share / (10 / (least + 10))).toBeLessThan(1.25);
    }
  });

  it("has prices around the category's, and more extreme stars where few gave any", () => {
    for (const { name, medianPrice } of categories) {
      const prices = rows.filter(({ category }) => category === name).map(({ price }) => price);
      expect(median(prices) / medianPrice).toBeCloseTo(1, 1);
    }
    const share = (few: (row: FlipkartRow) => boolean): number => {
      const found = rows.filter(few);
      return found.filter(({ rating }) => rating === 5).length / found.length;
    };
    const one = share(({ ratings }) => ratings === 1);
    expect(one).toBeGreaterThan(5 * share(({ ratings }) => ratings > 100));
    expect(rows.every(({ rating, ratings }) => (rating === 0) === (ratings === 0))).toBe(true);
  });
});

describe("planted faults", () => {
  const faulty = { rows: 9_000, seed: 3, faults: 0.1 };
  const truth = [...flipkartTruth(faulty)];
  const found = [...flipkartRows(faulty)];
  const plain = [...flipkartRows({ ...faulty, faults: 0 })];

  it("are in the rows that the truth names, and in no others", () => {
    const changed = found.flatMap((row, i) => {
      return JSON.stringify(row) === JSON.stringify(plain[i]) ? [] : [i];
    });
    expect(changed).toEqual(truth.map(({ row }) => row));
    expect(new Set(truth.map(({ fault }) => fault))).toEqual(new Set(flipkartFaults));
  });

  it("are what they are called", () => {
    for (const { row, fault, of, product } of truth) {
      const [got, was] = [found[row]!, plain[row]!];
      expect(product).toBe(row + 1);
      if (fault === "price-in-paise") expect(got).toEqual({ ...was, price: was.price * 100 });
      if (fault === "duplicate-listing") expect(got).toEqual({ ...plain[of! - 1]!, product });
      if (fault !== "stuffed-words") continue;
      const noun = was.title.split(" ")[2]!;
      expect(got.description).toBe(`${noun} `.repeat(30) + was.description);
    }
  });
});
