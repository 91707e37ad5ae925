/**
 * Scores the documents of one shard. A score is the sum of its parts from left to right, the words
 * in the order of the query and then the signals, however it is found: so that the parts add up
 * to it exactly, and equal documents of different shards have equal scores.
 */
import { inverseFrequency, saturate, weightedFrequency } from "./bm25";
import type { RankingOptions } from "./ranking";
import type { PostingList, Shard } from "./shard";
import { cheapness, likedness, popularity } from "./signals";
import { meanLengths } from "./statistics";
import type { Statistics } from "./statistics";

/** A document by its place in the shard. */
export interface Scored {
  readonly document: number;
  readonly score: number;
}

/** A word of the query that the shard has. */
export interface Term {
  readonly word: string;
  readonly list: PostingList;
  /** What a word that is saturated would give. */
  readonly weight: number;
}

const signalNames = ["price", "rating", "popularity"] as const;

/** One summand of a score. */
export interface ScorePart {
  /** The word, or the signal. */
  readonly of: string;
  readonly kind: "word" | "signal";
  /** 0 to 1: how far the word is saturated, or the signal. */
  readonly value: number;
  /** What a value of 1 would give. */
  readonly weight: number;
  /** Their product. */
  readonly points: number;
}

export class ShardScorer {
  /** For each document, the values of the signals. */
  private readonly signals: Float64Array;
  private readonly means: readonly number[];
  private readonly best = new Map<string, number>();
  /** The most that the signals of any document give. */
  readonly bestSignals: number;

  /** `words`: the statistics for BM25; `all`: of all shards, for the signals. */
  constructor(
    readonly shard: Shard,
    private readonly ranking: RankingOptions,
    private readonly statistics: { readonly words: Statistics; readonly all: Statistics },
  ) {
    this.means = meanLengths(statistics.words);
    const { all } = statistics;
    this.signals = new Float64Array(shard.products.length * signalNames.length);
    shard.products.forEach((product, document) => {
      const liked = likedness(product, all, ranking.priorRatings);
      const values = [cheapness(product, all), liked, popularity(product, all)];
      this.signals.set(values, document * signalNames.length);
    });
    const sums = shard.products.map((_, document) => this.addSignals(0, document));
    this.bestSignals = sums.reduce((best, sum) => Math.max(best, sum), 0);
  }

  /** Those of the words that the shard has, in their order. */
  terms(words: readonly string[]): Term[] {
    const { documents, containing } = this.statistics.words;
    return words.flatMap((word) => {
      const list = this.shard.postings.get(word);
      if (list === undefined) return [];
      const rarity = inverseFrequency(documents, containing.get(word) ?? 0);
      return [{ word, list, weight: this.ranking.weights.relevance * rarity }];
    });
  }

  /** How far the word is saturated in the document at that index of the list; 0 to 1. */
  private saturation({ list }: Term, index: number): number {
    const { fields, k1 } = this.ranking;
    const count = fields.length;
    const frequency = weightedFrequency(fields, this.means, {
      frequencies: list.frequencies,
      at: index * count,
      lengths: this.shard.lengths,
      lengthAt: (list.documents[index] as number) * count,
    });
    return saturate(frequency, k1);
  }

  points(term: Term, index: number): number {
    return term.weight * this.saturation(term, index);
  }

  /** The most that the word gives to any document; an index on disk would store it. */
  mostPoints(term: Term): number {
    const { list, word, weight } = term;
    let best = this.best.get(word);
    if (best === undefined) {
      best = 0;
      for (let i = 0; i < list.documents.length; i++) {
        best = Math.max(best, this.saturation(term, i));
      }
      this.best.set(word, best);
    }
    return weight * best;
  }

  /** The sum, and the signals' points added to it one by one. */
  addSignals(sum: number, document: number): number {
    const { weights } = this.ranking;
    const at = document * signalNames.length;
    const [signals] = [this.signals];
    const price = sum + weights.price * (signals[at] as number);
    const rating = price + weights.rating * (signals[at + 1] as number);
    return rating + weights.popularity * (signals[at + 2] as number);
  }

  /** The summands of a document's score, in their order. */
  parts(document: number, terms: readonly Term[]): ScorePart[] {
    const words = terms.flatMap((term): ScorePart[] => {
      const index = term.list.documents.indexOf(document);
      if (index < 0) return [];
      const [value, { weight }] = [this.saturation(term, index), term];
      return [{ of: term.word, kind: "word", value, weight, points: weight * value }];
    });
    const signals = signalNames.map((of, i): ScorePart => {
      const value = this.signals[document * signalNames.length + i] as number;
      const weight = this.ranking.weights[of];
      return { of, kind: "signal", value, weight, points: weight * value };
    });
    return [...words, ...signals];
  }

  /** All documents with any of the words, ascending; reads every posting. */
  *all(terms: readonly Term[]): Generator<Scored> {
    const sums = new Float64Array(this.shard.products.length);
    const isFound = new Uint8Array(sums.length);
    for (const term of terms) {
      const { documents } = term.list;
      for (let i = 0; i < documents.length; i++) {
        const document = documents[i] as number;
        sums[document] += this.points(term, i);
        isFound[document] = 1;
      }
    }
    for (let document = 0; document < sums.length; document++) {
      if (isFound[document] === 0) continue;
      yield { document, score: this.addSignals(sums[document] as number, document) };
    }
  }
}
