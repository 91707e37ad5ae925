/** What a search for duplicates found, held against what the generator planted. */
import type { IrisGallery } from "./gallery";

export interface DuplicateScore {
  /** Pairs of pictures of one person. */
  readonly truePairs: number;
  /** Pairs that the clusters put together. */
  readonly foundPairs: number;
  readonly rightPairs: number;
  /** Right among found; 1 where nothing was found. */
  readonly precision: number;
  /** Right among true; 1 where nothing was planted. */
  readonly recall: number;
  /** People with more than one picture, and how many of them are one cluster exactly. */
  readonly truePeople: number;
  readonly wholePeople: number;
  /** Second pictures of somebody, and the share of them, 0 to 1, that were not found: FNIR. */
  readonly mated: number;
  readonly falseNegative: number;
  /** First pictures, and the share of them, 0 to 1, put together with somebody else: FPIR. */
  readonly strangers: number;
  readonly falsePositive: number;
}

/** `clusters`: as `findDuplicates` gives them. */
export function judgeDuplicates(
  gallery: IrisGallery,
  clusters: readonly (readonly number[])[],
): DuplicateScore {
  const { persons, count } = gallery;
  const pictures = new Uint32Array(count);
  for (const person of persons) pictures[person]++;
  let [foundPairs, rightPairs, wholePeople, known, mistaken] = [0, 0, 0, 0, 0];
  for (const rows of clusters) {
    foundPairs += pairsOf(rows.length);
    const perPerson = new Map<number, number>();
    for (const row of rows) perPerson.set(persons[row], (perPerson.get(persons[row]) ?? 0) + 1);
    for (const size of perPerson.values()) rightPairs += pairsOf(size);
    for (const row of rows) {
      const hasOwn = (perPerson.get(persons[row]) as number) > 1;
      if (persons[row] !== row && hasOwn) known++;
      if (persons[row] === row && perPerson.size > 1) mistaken++;
    }
    const [[person, size]] = [...perPerson];
    if (perPerson.size === 1 && size === pictures[person]) wholePeople++;
  }
  const truePairs = gallery.truePairs();
  const mated = persons.reduce((sum, of, row) => sum + (of === row ? 0 : 1), 0);
  return {
    ...{ truePairs, foundPairs, rightPairs, wholePeople },
    precision: foundPairs === 0 ? 1 : rightPairs / foundPairs,
    recall: truePairs === 0 ? 1 : rightPairs / truePairs,
    ...{ mated, falseNegative: mated === 0 ? 0 : 1 - known / mated },
    ...{ strangers: count - mated, falsePositive: mistaken / (count - mated) },
    truePeople: pictures.filter((size) => size > 1).length,
  };
}

const pairsOf = (rows: number): number => (rows * (rows - 1)) / 2;
