import { defineJob } from "../map-reduce/job";
import type { Job } from "../map-reduce/job";

/** The words of a text: letters and digits, in lower case. */
export function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

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

/** The key under which `postings` tells the lengths of all documents: no word has a blank. */
export const lengthsKey = " lengths";

/**
 * An inverted index for ranking. Documents are rows of CSV, numbered by the column `document`. For
 * each word: for each document that has it, one after another in the order of the input, its number
 * and how often the word is in each of the `fields`. Under `lengthsKey`: for each document its
 * number and the words of each field.
 */
export function postings(document: string, fields: readonly string[]): Job<number[], number[]> {
  const lengths = lengthsKey; // an export goes by another name in the compiled function
  return defineJob({
    name: "postings",
    input: "csv",
    scope: { document, fields, wordsOf, lengths },
    map(record, emit) {
      const number = record.number(document);
      const found = new Map<string, number[]>();
      const total = [number];
      fields.forEach((field, place) => {
        const words = wordsOf(record.text(field));
        for (const word of words) {
          const entry = found.get(word) ?? [number, ...fields.map(() => 0)];
          entry[place + 1] = (entry[place + 1] as number) + 1;
          found.set(word, entry);
        }
        total.push(words.length);
      });
      found.forEach((entry, word) => emit(word, entry));
      emit(lengths, total);
    },
    reduce: (_word, entries) => entries.flat(),
  });
}
