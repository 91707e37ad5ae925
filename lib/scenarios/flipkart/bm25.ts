/**
 * How well a document fits the words of a query, with fields that weigh differently (BM25F).
 *
 * Source: S. Robertson and H. Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond",
 * Foundations and Trends in Information Retrieval 3(4), 2009, sections 3.1, 3.4 and 3.6. Ours
 * differs in `inverseFrequency`: 1 is added within the logarithm, as Lucene does, so that a word
 * that most documents have still counts a little and never less than nothing.
 */

/** A field of a document, such as its title. */
export interface Field {
  readonly column: string;
  /** How much an occurrence counts; at least 0. */
  readonly weight: number;
  /** How far length is discounted, 0 (not at all) to 1 (in full); rule of thumb: 0.75. */
  readonly b: number;
}

/** Section 3.1: the weight of a word without relevance feedback; negative for more than half. */
export function rsjWeight(documents: number, containing: number): number {
  return Math.log((documents - containing + 0.5) / (containing + 0.5));
}

/** The same, never below 0. */
export function inverseFrequency(documents: number, containing: number): number {
  return Math.log(1 + (documents - containing + 0.5) / (containing + 0.5));
}

/** Section 3.4: 1 for a length of the mean, more for longer ones. */
export function lengthFactor(length: number, meanLength: number, b: number): number {
  return meanLength === 0 ? 1 : 1 - b + (b * length) / meanLength;
}

/** Section 3.4: each further occurrence counts less; 0 to 1. At k1 occurrences: a half. */
export function saturate(frequency: number, k1: number): number {
  return frequency === 0 ? 0 : frequency / (k1 + frequency);
}

/**
 * Section 3.6: occurrences of all fields as one number, before they are saturated. `frequencies`
 * and `lengths` hold the values of the document's fields from `at` and from `lengthAt`.
 */
export function weightedFrequency(
  fields: readonly Field[],
  meanLengths: readonly number[],
  occurrences: {
    readonly frequencies: ArrayLike<number>;
    readonly at: number;
    readonly lengths: ArrayLike<number>;
    readonly lengthAt: number;
  },
): number {
  const { frequencies, at, lengths, lengthAt } = occurrences;
  let sum = 0;
  for (let i = 0; i < fields.length; i++) {
    const frequency = frequencies[at + i] as number;
    if (frequency === 0) continue;
    const { weight, b } = fields[i] as Field;
    const factor = lengthFactor(lengths[lengthAt + i] as number, meanLengths[i] as number, b);
    sum += (weight * frequency) / factor;
  }
  return sum;
}
