/** A part of the collection: some of the documents, with all that an index knows of them. */
import { productStatistics } from "./statistics";
import type { Statistics } from "./statistics";
import type { Product } from "./product";

/** Where a word is: documents by their place in the shard, ascending. */
export interface PostingList {
  readonly documents: Uint32Array;
  /** For each of them, how often the word is in each field. */
  readonly frequencies: Uint32Array;
}

export interface Shard {
  /** Ascending by number. */
  readonly products: readonly Product[];
  /** For each of them, the words of each field. */
  readonly lengths: Uint32Array;
  readonly postings: ReadonlyMap<string, PostingList>;
  readonly statistics: Statistics;
}

/** How the documents are shared out: in turn, or all of a category together. */
export type Partition = "product" | "category";

/** `index`: as the job `postings` gives it, its lengths apart. */
export function cutShards(
  products: readonly Product[],
  { index, lengths, fieldCount }: WholeIndex,
  { shards, partition }: { shards: number; partition: Partition },
): Shard[] {
  const inOrder = [...products].sort((left, right) => left.product - right.product);
  const shardOf = new Map<number, number>();
  const placeOf = new Map<number, number>();
  const parts: Product[][] = Array.from({ length: shards }, () => []);
  const choose = chooser(inOrder, shards, partition);
  inOrder.forEach((product, i) => {
    const part = parts[choose(product, i)] as Product[];
    shardOf.set(product.product, parts.indexOf(part));
    placeOf.set(product.product, part.length);
    part.push(product);
  });
  const lists = parts.map(() => new Map<string, PostingList>());
  index.forEach((entries, word) => {
    cutEntries(entries, { shardOf, placeOf, fieldCount }).forEach((list, shard) => {
      lists[shard]?.set(word, list);
    });
  });
  const lengthLists = cutEntries(lengths, { shardOf, placeOf, fieldCount });
  return parts.map((part, i) => {
    const { frequencies = new Uint32Array(0) } = lengthLists.get(i) ?? {};
    return shardFrom(part, frequencies, lists[i] as Map<string, PostingList>, fieldCount);
  });
}

export interface WholeIndex {
  /** By word: document, frequency in each field, document, ... */
  readonly index: ReadonlyMap<string, readonly number[]>;
  /** Document, words of each field, document, ... */
  readonly lengths: readonly number[];
  readonly fieldCount: number;
}

function chooser(
  products: readonly Product[],
  shards: number,
  partition: Partition,
): (product: Product, place: number) => number {
  if (partition === "product") return (_, place) => place % shards;
  const categories = [...new Set(products.map(({ category }) => category))].sort();
  const indices = new Map(categories.map((category, i) => [category, i % shards]));
  return ({ category }) => indices.get(category) as number;
}

interface Places {
  readonly shardOf: ReadonlyMap<number, number>;
  readonly placeOf: ReadonlyMap<number, number>;
  readonly fieldCount: number;
}

/**
 * The entries of one word, cut by shard: a posting list for each shard that has the word, its
 * documents numbered by their places in that shard.
 */
function cutEntries(
  entries: readonly number[],
  { shardOf, placeOf, fieldCount }: Places,
): Map<number, PostingList> {
  const step = fieldCount + 1;
  const found = new Map<number, { place: number; from: number }[]>();
  for (let from = 0; from < entries.length; from += step) {
    const document = entries[from] as number;
    const shard = shardOf.get(document) as number;
    const list = found.get(shard) ?? [];
    list.push({ place: placeOf.get(document) as number, from });
    if (list.length === 1) found.set(shard, list);
  }
  const cut = new Map<number, PostingList>();
  found.forEach((list, shard) => {
    list.sort((left, right) => left.place - right.place);
    const documents = Uint32Array.from(list, ({ place }) => place);
    const values = list.flatMap(({ from }) => entries.slice(from + 1, from + step));
    cut.set(shard, { documents, frequencies: Uint32Array.from(values) });
  });
  return cut;
}

function shardFrom(
  products: readonly Product[],
  lengths: Uint32Array,
  postings: ReadonlyMap<string, PostingList>,
  fieldCount: number,
): Shard {
  const fieldWords = Array.from({ length: fieldCount }, () => 0);
  lengths.forEach((length, i) => (fieldWords[i % fieldCount] += length));
  const containing = new Map<string, number>();
  postings.forEach(({ documents }, word) => containing.set(word, documents.length));
  const statistics = { ...productStatistics(products), fieldWords, containing };
  return { products, lengths, postings, statistics };
}
