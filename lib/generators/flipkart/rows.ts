/** One product after another, each from the seed and its number alone. */
import { Random } from "../../basics";
import { AliasTable, zipfWeights } from "../alias-table";
import type { Spec } from "../data-set";
import { brands, categories, colours, lexiconWords, wordOf } from "./vocabulary";
import type { Category } from "./vocabulary";

/** A product on sale. */
export interface FlipkartRow {
  /** Its number, from 1. */
  readonly product: number;
  readonly title: string;
  readonly brand: string;
  readonly category: string;
  readonly description: string;
  /** Rupees. */
  readonly price: number;
  /** Stars, 1 to 5 with one decimal: the mean of what buyers gave; 0 when none did. */
  readonly rating: number;
  /** Buyers who gave stars. */
  readonly ratings: number;
  /** Pieces sold in the last 30 days. */
  readonly sold: number;
}

export const flipkartHeader = [
  ...["product", "title", "brand", "category", "description"],
  ...["price", "rating", "ratings", "sold"],
] as const;

export const flipkartFaults = ["stuffed-words", "duplicate-listing", "price-in-paise"] as const;

export interface FlipkartTruth {
  /** Number of the row in the data, from 0. */
  readonly row: number;
  readonly fault: (typeof flipkartFaults)[number];
  readonly product: number;
  /** Of a duplicate listing: the product that it copies. */
  readonly of?: number;
}

const words = Array.from({ length: lexiconWords }, (_, rank) => wordOf(rank));
const wordTable = new AliasTable(zipfWeights(lexiconWords, 1));
const categoryTable = new AliasTable(categories.map(({ weight }) => weight));
const brandTable = new AliasTable(zipfWeights(brands.length, 0.7));
const faultStream = 1_000_000_000;
const stuffedTimes = 30;
/** A duplicate copies one of so many products before it. */
const memory = 2_000;
const mostSold = 200_000;

/** Row `row` as it is without faults. */
function plainRow({ seed }: Spec, row: number, random: Random): FlipkartRow {
  random.restart(seed, row);
  const kind = categories[categoryTable.draw(random)] as Category;
  const brand = brands[brandTable.draw(random)] as string;
  const noun = random.pick(kind.nouns);
  const title = [brand, random.pick(kind.kinds), noun, random.pick(colours)].join(" ");
  const price = Math.max(20, Math.round(random.logNormal(kind.medianPrice, 0.6)));
  // Pareto: at least s pieces with probability 10 / (s + 10).
  const sold = Math.min(mostSold, Math.floor(10 / (1 - random.next())) - 10);
  const ratings = Math.round(sold * random.between(0.5, 3));
  const quality = 3.9 + 0.45 * random.normal();
  const stars = Math.min(5, Math.max(1, quality + random.normal() / Math.sqrt(ratings || 1)));
  const rating = ratings === 0 ? 0 : Math.round(stars * 10) / 10;
  const description = describe(kind, noun, random);
  const facts = { price, rating, ratings, sold };
  return { product: row + 1, title, brand, category: kind.name, description, ...facts };
}

/** 8 to 60 words: two in ten of the category, the rest of the language. */
function describe(kind: Category, noun: string, random: Random): string {
  const length = Math.min(60, Math.max(8, Math.round(random.logNormal(20, 0.5))));
  const chosen = Array.from({ length }, () => {
    if (random.chance(0.2)) return random.pick(kind.words);
    return words[wordTable.draw(random)] as string;
  });
  if (random.chance(0.5)) chosen[random.below(length)] = noun;
  return chosen.join(" ");
}

/** Row `row`, and what is wrong with it. */
export function flipkartRowAt(
  spec: Spec,
  row: number,
  random = new Random(spec.seed),
): { row: FlipkartRow; truth: FlipkartTruth[] } {
  const plain = plainRow(spec, row, random);
  random.restart(spec.seed, faultStream + row);
  if (!random.chance(spec.faults ?? 0)) return { row: plain, truth: [] };
  const { product } = plain;
  const fault = row === 0 ? "price-in-paise" : random.pick(flipkartFaults);
  if (fault === "price-in-paise") {
    return { row: { ...plain, price: plain.price * 100 }, truth: [{ row, fault, product }] };
  }
  if (fault === "stuffed-words") {
    const stuffed = `${plain.title.toLowerCase().split(" ")[2]} `.repeat(stuffedTimes);
    const description = stuffed + plain.description;
    return { row: { ...plain, description }, truth: [{ row, fault, product }] };
  }
  const of = row - random.below(Math.min(row, memory));
  const copied = { ...plainRow(spec, of - 1, random), product };
  return { row: copied, truth: [{ row, fault, product, of }] };
}
