/**
 * Search over a catalogue that is cut into shards by documents: each shard finds its own best, and
 * the best of these are the answer.
 *
 * Source: L. A. Barroso, J. Dean, U. Hoelzle, "Web Search for a Planet", IEEE Micro 23(2), 2003,
 * for shards by documents; BM25F as in `bm25.ts`.
 * Guarantees: with global statistics, the head of the whole sort by score, equal scores by the
 * smaller product number, for any number of shards and with or without pruning.
 */
import { topKOfShards, wordsOf } from "../../batch";
import { wholeInRange } from "../../basics";
import { headByMaxScore } from "./max-score";
import type { Product } from "./product";
import { checkRanking } from "./ranking";
import type { PartialRanking, RankingOptions } from "./ranking";
import type { Shard } from "./shard";
import { ShardScorer } from "./shard-scorer";
import type { Scored, ScorePart } from "./shard-scorer";
import { addStatistics } from "./statistics";
import type { Statistics } from "./statistics";

export interface Hit {
  readonly product: Product;
  /** The sum of the points of its parts, from left to right. */
  readonly score: number;
  readonly shard: number;
  readonly parts: readonly ScorePart[];
}

export interface SearchOptions {
  /** Hits, 0 to 10,000; default 10. */
  readonly count?: number;
  /**
   * How rare words are, and how long documents, in the whole collection or in each shard alone;
   * with "local" the same product can have another score elsewhere. Default "global".
   */
  readonly statistics?: "global" | "local";
  /** Skip documents that cannot be among the hits; the answer is the same. Default true. */
  readonly isPruned?: boolean;
}

export interface SearchAnswer {
  readonly hits: readonly Hit[];
  /** Postings of the query's words whose points were computed, and all of them. */
  readonly postingsRead: number;
  readonly postings: number;
}

interface Found extends Scored {
  readonly shard: number;
  readonly number: number;
}

/** From the best on; of equal ones the smaller number first. */
function inOrder(left: Found, right: Found): number {
  return right.score - left.score || left.number - right.number;
}

export class ProductSearch {
  readonly ranking: RankingOptions;
  private readonly scorers: Record<"global" | "local", readonly ShardScorer[]>;

  constructor(
    readonly shards: readonly Shard[],
    options: PartialRanking = {},
  ) {
    this.ranking = checkRanking(options);
    const all = shards.map(({ statistics }) => statistics).reduce(addStatistics);
    const scorerOf = (shard: Shard, words: Statistics): ShardScorer =>
      new ShardScorer(shard, this.ranking, { words, all });
    this.scorers = {
      global: shards.map((shard) => scorerOf(shard, all)),
      local: shards.map((shard) => scorerOf(shard, shard.statistics)),
    };
  }

  /** The same products, ranked otherwise; what is not told stays. */
  withRanking(options: Omit<PartialRanking, "fields">): ProductSearch {
    const weights = { ...this.ranking.weights, ...options.weights };
    return new ProductSearch(this.shards, { ...this.ranking, ...options, weights });
  }

  /** The best products for the words of the query; none for a query without words. */
  search(query: string, options: SearchOptions = {}): SearchAnswer {
    const { count = 10, statistics = "global", isPruned = true } = options;
    wholeInRange("count", count, { min: 0, max: 10_000 });
    const words = queryWords(query);
    let [postingsRead, postings] = [0, 0];
    const heads = this.scorers[statistics].map((scorer, shard) => {
      const terms = scorer.terms(words);
      const size = terms.reduce((sum, { list }) => sum + list.documents.length, 0);
      const head = isPruned
        ? headByMaxScore(scorer, terms, count)
        : { scored: scorer.all(terms), postingsRead: size };
      postings += size;
      postingsRead += head.postingsRead;
      return this.found(shard, head.scored);
    });
    const best = topKOfShards(heads, count, inOrder);
    const hits = best.map((found) => this.hit(found, words, statistics));
    return { hits, postingsRead, postings };
  }

  /** Every product with any of the words, sorted as a whole. */
  rankAll(query: string, options: Pick<SearchOptions, "statistics"> = {}): Hit[] {
    const { statistics = "global" } = options;
    const words = queryWords(query);
    const found = this.scorers[statistics].flatMap((scorer, shard) => {
      return [...this.found(shard, scorer.all(scorer.terms(words)))];
    });
    return found.sort(inOrder).map((one) => this.hit(one, words, statistics));
  }

  private *found(shard: number, scored: Iterable<Scored>): Generator<Found> {
    const { products } = this.shards[shard] as Shard;
    for (const { document, score } of scored) {
      const { product: number } = products[document] as Product;
      yield { document, score, shard, number };
    }
  }

  private hit(
    { document, score, shard }: Found,
    words: readonly string[],
    statistics: "global" | "local",
  ): Hit {
    const scorer = this.scorers[statistics][shard] as ShardScorer;
    const product = scorer.shard.products[document] as Product;
    return { product, score, shard, parts: scorer.parts(document, scorer.terms(words)) };
  }
}

/** Each word once, in the order of the query. */
function queryWords(query: string): string[] {
  return [...new Set(wordsOf(query))];
}
