import { defineJob } from "../map-reduce/job";

/**
 * The files in which each word occurs, sorted; words are letters and digits, in lower case. Dean
 * and Ghemawat 2004, section 2.3, with files as documents.
 */
export const invertedIndex = defineJob({
  name: "inverted-index",
  map(record, emit) {
    const words = record.line.match(/[\p{L}\p{N}]+/gu) ?? [];
    for (const word of words) emit(word.toLowerCase(), [record.file]);
  },
  combine(left: readonly string[], right: readonly string[]) {
    const isKnown = right.every((file) => left.includes(file));
    return isKnown ? left : [...new Set([...left, ...right])];
  },
  reduce: (_word, lists) => [...new Set(lists.flat())].sort(),
});
