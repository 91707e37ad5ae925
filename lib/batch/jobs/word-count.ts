import { defineJob } from "../map-reduce/job";

/** How often each word occurs; words are told apart by spaces. The paper's first example (2.1). */
export const wordCount = defineJob({
  name: "word-count",
  map(record, emit) {
    for (const word of record.line.split(" ")) if (word !== "") emit(word, 1);
  },
  combine: (left: number, right: number) => left + right,
  reduce: (_word, counts) => counts.reduce((sum, count) => sum + count, 0),
});
