/** Another scorer of products, written from the formulas over plain texts: the oracle. */
import type { FlipkartRow } from "dabbawala/generators";

export interface BruteForceHit {
  readonly product: number;
  readonly score: number;
}

const words = (text: string): string[] =>
  text
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean);
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** BM25F with title 3 (b 0.3) and description 1 (b 0.75), k1 1.2, and the three signals. */
export function bruteForce(rows: readonly FlipkartRow[], query: string): BruteForceHit[] {
  const texts = rows.map(({ title, description }) => [words(title), words(description)] as const);
  const lengths = [0, 1].map((field) => mean(texts.map((text) => text[field]!.length)));
  const wanted = [...new Set(words(query))];
  const rarity = wanted.map((word) => {
    const n = texts.filter(([title, rest]) => title.includes(word) || rest.includes(word)).length;
    return Math.log(1 + (rows.length - n + 0.5) / (n + 0.5));
  });
  const givers = rows.reduce((sum, { ratings }) => sum + ratings, 0);
  const stars = rows.reduce((sum, { rating, ratings }) => sum + rating * ratings, 0) / givers;
  const mostSold = Math.max(...rows.map(({ sold }) => sold));
  const hits = rows.flatMap((row, i) => {
    const found = wanted.map((word) => {
      const [title, description] = texts[i]!.map(
        (text) => text.filter((other) => other === word).length,
      ) as [number, number];
      const titleFactor = 0.7 + (0.3 * texts[i]![0].length) / lengths[0]!;
      const descriptionFactor = 0.25 + (0.75 * texts[i]![1].length) / lengths[1]!;
      return (3 * title) / titleFactor + description / descriptionFactor;
    });
    if (found.every((frequency) => frequency === 0)) return [];
    const relevance = found.map((frequency, t) => (rarity[t]! * frequency) / (1.2 + frequency));
    const alike = rows.filter(({ category }) => category === row.category);
    const price = mean(alike.map((other) => other.price));
    const liked = (20 * stars + row.rating * row.ratings) / (20 + row.ratings);
    const score =
      relevance.reduce((sum, points) => sum + points, 0) +
      (0.5 * price) / (price + row.price) +
      (1.5 * (liked - 1)) / 4 +
      (1.5 * Math.log(1 + row.sold)) / Math.log(1 + mostSold);
    return [{ product: row.product, score }];
  });
  return hits.sort((left, right) => right.score - left.score || left.product - right.product);
}
