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
}

/** `clusters`: as `findDuplicates` gives them. */
export function judgeDuplicates(
  gallery: IrisGallery,
  clusters: readonly (readonly number[])[],
): DuplicateScore {
  const { persons, count } = gallery;
  const pictures = new Uint32Array(count);
  for (const person of persons) pictures[person]++;
  let [foundPairs, rightPairs, wholePeople] = [0, 0, 0];
  for (const rows of clusters) {
    foundPairs += pairsOf(rows.length);
    const perPerson = new Map<number, number>();
    for (const row of rows) perPerson.set(persons[row], (perPerson.get(persons[row]) ?? 0) + 1);
    for (const size of perPerson.values()) rightPairs += pairsOf(size);
    const [[person, size]] = [...perPerson];
    if (perPerson.size === 1 && size === pictures[person]) wholePeople++;
  }
  const truePairs = gallery.truePairs();
  return {
    ...{ truePairs, foundPairs, rightPairs, wholePeople },
    precision: foundPairs === 0 ? 1 : rightPairs / foundPairs,
    recall: truePairs === 0 ? 1 : rightPairs / truePairs,
    truePeople: pictures.filter((size) => size > 1).length,
  };
}

const pairsOf = (rows: number): number => (rows * (rows - 1)) / 2;
