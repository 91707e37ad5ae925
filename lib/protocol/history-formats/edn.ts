/**
 * A reader of EDN, Clojure's data notation, as far as Jepsen writes it: nil, booleans, numbers,
 * strings, characters, keywords, symbols, vectors, lists, maps, sets, tagged values, comments, and
 * discarded forms. Tags and metadata are dropped, keywords become strings with their colon, sets
 * and lists arrays, maps objects whose keys lose their colon.
 *
 * Source: "extensible data notation", github.com/edn-format/edn.
 */
import { InputError } from "../../basics";

/** A form and the line on which it begins. */
export interface EdnForm {
  readonly value: unknown;
  readonly line: number;
  readonly isKeyword: boolean;
}

/** Nesting deeper than this is refused: no history has it, and the reader is recursive. */
const maxDepth = 200;
const closers: Record<string, string> = { "[": "]", "(": ")", "{": "}" };
const named: Record<string, unknown> = { nil: null, true: true, false: false };
const escapes: Record<string, string> = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f" };
const characters: Record<string, string> = { newline: "\n", space: " ", tab: "\t", return: "\r" };
/** Whitespace (a comma is some), then comments. */
const blanks = /(?:[\s,]+|;[^\n]*)*/y;
const atom = /[^\s,;()[\]{}"]+/y;
const stringBody = /"((?:[^"\\]|\\[^])*)"/y;

/** All forms of a text in order; those of a vector or list at the top level one by one. */
export function readEdn(text: string, source: string): EdnForm[] {
  return new EdnReader(text, source).forms();
}

class EdnReader {
  private at = 0;
  private line = 1;
  private countedTo = 0;

  constructor(
    private readonly text: string,
    private readonly source: string,
  ) {}

  forms(): EdnForm[] {
    const found: EdnForm[] = [];
    for (;;) {
      this.skip();
      if (this.at >= this.text.length) return found;
      const line = this.lineHere();
      const opener = this.text[this.at];
      if (opener === "[" || opener === "(") {
        this.at++;
        this.until(closers[opener], line, (form) => found.push(form));
      } else {
        found.push({ value: this.form(0), line, isKeyword: opener === ":" });
      }
    }
  }

  private form(depth: number): unknown {
    this.skip();
    if (depth > maxDepth) this.refuse(`values are nested deeper than ${maxDepth}`);
    const line = this.lineHere();
    const character = this.text[this.at];
    if (character === undefined) this.refuse("the text ends in the middle of a value");
    if (character === '"') return this.string();
    if (character === "#") return this.dispatch(depth);
    if (character === "^") return this.afterMetadata(depth);
    if (character in closers) {
      this.at++;
      const items: EdnForm[] = [];
      this.until(closers[character], line, (item) => items.push(item), depth + 1);
      return character === "{" ? this.map(items, line) : items.map(({ value }) => value);
    }
    if (character === "\\") return this.character();
    const word = this.match(atom)?.[0] ?? this.refuse(`"${character}" is not expected here`);
    return this.atomValue(word);
  }

  private until(closer: string, line: number, take: (form: EdnForm) => void, depth = 1): void {
    for (;;) {
      this.skip();
      const character = this.text[this.at];
      if (character === undefined) this.refuse(`no "${closer}" closes the one opened`, line);
      if (character === closer) {
        this.at++;
        return;
      }
      const start = this.lineHere();
      take({ value: this.form(depth), line: start, isKeyword: character === ":" });
    }
  }

  /** What follows a "#": a set, a discarded form (read away by `skip`), a tag, or ##Inf. */
  private dispatch(depth: number): unknown {
    this.at++;
    const next = this.text[this.at];
    if (next === "{") {
      const line = this.lineHere();
      this.at++;
      const items: unknown[] = [];
      this.until("}", line, ({ value }) => items.push(value), depth + 1);
      return items;
    }
    const tag = this.match(atom)?.[0] ?? this.refuse('a "#" must be followed by a tag or a set');
    if (tag === "#Inf") return Infinity;
    if (tag === "#-Inf") return -Infinity;
    if (tag === "#NaN") return NaN;
    const value = this.form(depth + 1);
    return tag === "jepsen.independent/tuple" ? { independent: value } : value;
  }

  private afterMetadata(depth: number): unknown {
    this.at++;
    this.form(depth + 1);
    return this.form(depth + 1);
  }

  private map(items: readonly EdnForm[], line: number): Record<string, unknown> {
    if (items.length % 2 === 1) this.refuse("a map has a key without a value", line);
    const entries: [string, unknown][] = [];
    for (let i = 0; i < items.length; i += 2) {
      const { value: key, isKeyword } = items[i];
      const text = typeof key === "string" ? key : JSON.stringify(key);
      entries.push([isKeyword ? text.slice(1) : text, items[i + 1].value]);
    }
    // Not assigned one by one: a key "__proto__" would change the object instead of filling it.
    return Object.fromEntries(entries);
  }

  private string(): string {
    const body = this.match(stringBody)?.[1] ?? this.refuse("a string is not closed");
    return body.replace(/\\(u([0-9a-fA-F]{4})|[^])/g, (_, mark: string, code?: string) =>
      code === undefined ? (escapes[mark] ?? mark) : String.fromCharCode(parseInt(code, 16)),
    );
  }

  private character(): string {
    const word = this.match(/\\(?:[a-zA-Z0-9]+|[^])/y)?.[0].slice(1) ?? "";
    return (
      characters[word] ?? (word.length === 1 ? word : this.refuse(`\\${word} is no character`))
    );
  }

  private atomValue(word: string): unknown {
    if (word in named) return named[word];
    if (/^[+-]?\d/.test(word)) return this.number(word);
    return word;
  }

  private number(word: string): number | string {
    const value = Number(word.replace(/[NM]$/, ""));
    if (Number.isNaN(value)) {
      return /^[+-]?\d+\/\d+$/.test(word) ? word : this.refuse(`"${word}" is not a number`);
    }
    // A whole number that JavaScript cannot hold stays text, so that two of them stay different.
    return /^[+-]?\d+N?$/.test(word) && !Number.isSafeInteger(value) ? word : value;
  }

  private skip(): void {
    this.match(blanks);
    while (this.text.startsWith("#_", this.at)) {
      this.at += 2;
      this.form(1);
      this.match(blanks);
    }
  }

  private match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text);
    if (match !== null) this.at += match[0].length;
    return match;
  }

  private lineHere(): number {
    for (; this.countedTo < this.at; this.countedTo++) {
      if (this.text[this.countedTo] === "\n") this.line++;
    }
    return this.line;
  }

  private refuse(problem: string, line = this.lineHere()): never {
    throw new InputError(`${this.source}:${line}: ${problem}`);
  }
}
