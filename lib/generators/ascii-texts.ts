/**
 * The few texts that a column is made of, ready to be copied eight bytes at a time. All take the
 * same number of words, padded with zeros, so that copying one is the same few steps as another.
 * A word is held as a floating-point number, the only eight bytes that JavaScript moves without
 * an object; ASCII never reads as a NaN, whose bits may change on the way.
 */
import { assert } from "../basics";

export const bytesPerWord = 8;

export class AsciiTexts {
  /** No text is longer than this, nor written further when its padding is copied with it. */
  static readonly mostBytes = 64;
  readonly wordsEach: number;
  readonly words: Float64Array;
  readonly lengths: Uint8Array;

  /** `texts`: ASCII, at most 64 characters each. */
  constructor(texts: readonly string[]) {
    const longest = Math.max(...texts.map((text) => text.length));
    assert(longest <= AsciiTexts.mostBytes, "texts are short", { longest });
    this.wordsEach = Math.ceil(longest / bytesPerWord);
    this.lengths = Uint8Array.from(texts, (text) => text.length);
    const bytes = new Uint8Array(texts.length * this.wordsEach * bytesPerWord);
    texts.forEach((text, index) => {
      for (let i = 0; i < text.length; i++) {
        const code = text.charCodeAt(i);
        assert(code < 127, "texts are ASCII", { text });
        bytes[index * this.wordsEach * bytesPerWord + i] = code;
      }
    });
    const view = new DataView(bytes.buffer);
    this.words = Float64Array.from({ length: texts.length * this.wordsEach }, (_, word) =>
      view.getFloat64(word * bytesPerWord, true),
    );
  }
}

/**
 * Fields, each with the comma that follows it. `count`: of places in all; those behind the names
 * are empty fields, so that a number that stands for "none" needs no question of its own.
 */
export function fields(names: readonly string[], count: number = names.length): AsciiTexts {
  return new AsciiTexts(Array.from({ length: count }, (_, index) => `${names[index] ?? ""},`));
}
