/**
 * Which line of a cell as written a line of its emitted JavaScript comes from. tslab compiles a
 * cell twice and keeps no source map, so the two texts are aligned: the longest common subsequence
 * of their lines, where two lines are alike when they share most of their words.
 *
 * Cost: lines x lines of a cell, and only when it fails.
 */
export function cellLine(emittedLine: number, code: { emitted: string; source: string }): number {
  const emitted = code.emitted.split("\n").map(words);
  const source = code.source.split("\n").map(words);
  const partners = align(emitted, source);
  for (let line = emittedLine - 1; line >= 0; line--) {
    const partner = partners[line];
    if (partner !== undefined)
      return Math.min(partner + (emittedLine - 1 - line), source.length - 1) + 1;
  }
  return 1;
}

function words(line: string): Set<string> {
  return new Set(line.match(/[\p{L}\p{N}_$]+/gu) ?? []);
}

/** How alike two lines are, from 0 to 1: shared words over the words of the emitted one. */
function likeness(emitted: ReadonlySet<string>, source: ReadonlySet<string>): number {
  if (emitted.size === 0 || source.size === 0) return 0;
  let shared = 0;
  for (const word of emitted) if (source.has(word)) shared++;
  return shared / Math.max(emitted.size, Math.min(source.size, emitted.size * 2));
}

/** For each emitted line the source line that it is aligned with, or undefined. */
function align(
  emitted: readonly ReadonlySet<string>[],
  source: readonly ReadonlySet<string>[],
): (number | undefined)[] {
  const scores = emitted.map((left) => source.map((right) => likeness(left, right)));
  const best: number[][] = Array.from({ length: emitted.length + 1 }, () =>
    new Array<number>(source.length + 1).fill(0),
  );
  const at = (i: number, j: number): number => (best[i] as number[])[j] as number;
  const score = (i: number, j: number): number => (scores[i] as number[])[j] as number;
  for (let i = emitted.length - 1; i >= 0; i--) {
    for (let j = source.length - 1; j >= 0; j--) {
      const both = at(i + 1, j + 1) + score(i, j);
      (best[i] as number[])[j] = Math.max(both, at(i + 1, j), at(i, j + 1));
    }
  }
  const partners = new Array<number | undefined>(emitted.length).fill(undefined);
  for (let i = 0, j = 0; i < emitted.length && j < source.length;) {
    if (score(i, j) > 0.3 && at(i, j) === at(i + 1, j + 1) + score(i, j)) partners[i++] = j++;
    else if (at(i + 1, j) >= at(i, j + 1)) i++;
    else j++;
  }
  return partners;
}
