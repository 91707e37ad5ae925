/** From a catalogue file to shards: the index is made by MapReduce, on all cores. */
import { lengthsKey, mapReduce, postings } from "../../batch";
import { InputError, wholeInRange } from "../../basics";
import { readProducts } from "./product";
import { checkRanking } from "./ranking";
import type { PartialRanking } from "./ranking";
import { ProductSearch } from "./search";
import { cutShards } from "./shard";
import type { Partition } from "./shard";

export interface BuildSearchOptions {
  /** Parts of the collection, 1 to 1,000; default 4. */
  readonly shards?: number;
  /** Default "product": in turn, so that all shards are alike. */
  readonly partition?: Partition;
  readonly ranking?: PartialRanking;
  /** Threads of the MapReduce; default one a core. */
  readonly workers?: number;
  readonly signal?: AbortSignal;
}

/**
 * A search over the products of a catalogue (CSV, as `flipkartHeader`). Throws InputError for
 * another file, RangeError for options out of range.
 */
export async function buildSearch(
  file: string,
  options: BuildSearchOptions = {},
): Promise<ProductSearch> {
  const { shards = 4, partition = "product", ranking = {}, workers, signal } = options;
  wholeInRange("shards", shards, { min: 1, max: 1_000 });
  const { fields } = checkRanking(ranking);
  const products = readProducts(file);
  const known = new Set<number>();
  for (const { product } of products) {
    if (known.has(product)) throw new InputError(`${file} has two products number ${product}`);
    known.add(product);
  }
  const columns = fields.map(({ column }) => column);
  const { rows } = await mapReduce(postings("product", columns), [file], { workers, signal });
  const index = new Map(rows.map(({ key, value }) => [key, value] as const));
  const lengths = index.get(lengthsKey) ?? [];
  index.delete(lengthsKey);
  const whole = { index, lengths, fieldCount: fields.length };
  return new ProductSearch(cutShards(products, whole, { shards, partition }), ranking);
}
