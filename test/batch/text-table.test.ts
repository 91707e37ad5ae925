import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TextTable } from "dabbawala/dist/batch/map-reduce/text-table";

/** What the table does, in the simplest way. */
function numbersByMap(texts: readonly string[]): number[] {
  const numbers = new Map<string, number>();
  return texts.map((text) => {
    if (!numbers.has(text)) numbers.set(text, numbers.size);
    return numbers.get(text) as number;
  });
}

function numbersByTable(texts: readonly string[]): number[] {
  const table = new TextTable();
  return texts.map((text) => table.numberOf(text));
}

describe("a table of texts", () => {
  it("numbers texts as a Map does: packed ones, hashed ones, of any characters", () => {
    const unit = fc.constantFrom("a", "b", "\0", "\u00ff", "\u0100", "\u{1f35b}");
    const text = fc.oneof(fc.string({ unit, maxLength: 16 }), fc.string({ maxLength: 40 }));
    fc.assert(
      fc.property(fc.array(text, { maxLength: 200 }), (texts) => {
        expect(numbersByTable(texts)).toEqual(numbersByMap(texts));
      }),
    );
  });

  it("tells texts apart that differ in length or in zero characters alone", () => {
    const texts = ["", "\0", "\0\0", "a", "\0a", "a\0", "\0".repeat(12), "\0".repeat(13)];
    expect(numbersByTable(texts)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it("tells all texts of few characters apart, whatever their length", () => {
    const ends = ["aaaa", "aaab", "abab", "abba", "bbbb"];
    const short = ["a", "b", "ab", "ba", "aa", "aab", "aba", "abb", "\u0100a", "a\u0100aa"];
    const middles = ["", "a", "b", "ab", "aba", "abab", "\u0261bab"];
    const long = ends.flatMap((end) =>
      middles.flatMap((middle) => ends.map((e) => e + middle + end)),
    );
    const texts = [...new Set([...short, ...long])];
    expect(numbersByTable([...texts, ...texts])).toEqual(numbersByMap([...texts, ...texts]));
  });

  it("keeps its numbers while it grows", () => {
    const short = Array.from({ length: 20_000 }, (_, i) => `key-${i}`);
    const long = short.map((text) => `a text of more than twelve characters: ${text}`);
    const texts = [...short, ...long];
    expect(numbersByTable([...texts, ...texts])).toEqual(numbersByMap([...texts, ...texts]));
  });

  it("tells texts of the same hash apart", () => {
    // "Aa" and "BB" have the same polynomial hash, and so have all texts that are made of them.
    const pairs = ["Aa", "BB"];
    let texts = [""];
    for (let i = 0; i < 8; i++) texts = texts.flatMap((text) => pairs.map((pair) => text + pair));
    expect(numbersByTable([...texts, ...texts])).toEqual(numbersByMap([...texts, ...texts]));
  });
});
