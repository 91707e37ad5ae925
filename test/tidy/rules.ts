/**
 * The rules that a file can be held against alone. Each returns what breaks it, one line a breach.
 */
import { basename } from "node:path";
import type { SourceFile } from "./repository";

const lineLimit = 400;
const columnLimit = 100;
const vague = ["util", "utils", "helper", "helpers", "manager", "misc", "common", "shared"];

export function isShort({ path, text }: SourceFile): string[] {
  const lines = text.trimEnd().split("\n").length;
  return lines > lineLimit ? [`${path}: ${lines} lines, the limit is ${lineLimit}`] : [];
}

/** A string that the formatter cannot break may be longer, and so may an address in a comment. */
export function isNarrow({ path, text }: SourceFile): string[] {
  return text.split("\n").flatMap((line, index) => {
    const isComment = /^\s*(\/?\*|\/\/|#)/.test(line);
    const isExempt = isComment ? line.includes("://") : /["'`]/.test(line);
    if ([...line].length <= columnLimit || isExempt) return [];
    return [`${path}:${index + 1}: ${[...line].length} columns, the limit is ${columnLimit}`];
  });
}

/** kebab-case, and a name that says what is in it. */
export function isWellNamed({ path }: SourceFile): string[] {
  const words = path.split("/").flatMap((part) => part.replace(/\..*$/, "").split("-"));
  const found = words.filter((word) => vague.includes(word));
  const isKebab = /^\.?[a-z0-9]+([-.][a-z0-9]+)*$/.test(basename(path));
  return [
    ...found.map((word) => `${path}: "${word}" says nothing about what is in it`),
    ...(isKebab ? [] : [`${path}: file names are kebab-case`]),
  ];
}

/** A test that is skipped or alone makes the run look greener than it is. */
export function isWholeTest({ path, text }: SourceFile): string[] {
  const marks = text.match(/\b(it|test|describe)\.(only|skip|todo)\b/g) ?? [];
  return marks.map((mark) => `${path}: ${mark}`);
}

const headings = ["Source:", "Assumes:", "Guarantees:", "Cost:"];
const senses = [
  /\bDate\b/,
  /\bMath\.random\b/,
  /\bset(Timeout|Interval|Immediate)\(/,
  /\bperformance\.now\b/,
  /\bconsole\./,
  /\bawait\b/,
  /from "(node:)?(fs|net|http|worker_threads|child_process)/,
];

/** A protocol tells its source, assumptions, guarantees and cost, in at most 12 lines. */
export function hasHeader({ path, text }: SourceFile): string[] {
  if (!isProtocol(text)) return [];
  const comments = text.match(/\/\*\*[\s\S]*?\*\//g) ?? [];
  const header = comments.find((comment) => comment.includes("Source:")) ?? "";
  const missing = headings.filter((heading) => !header.includes(heading));
  if (missing.length > 0) return [`${path}: the header lacks ${missing.join(" ")}`];
  const lines = header.split("\n").length - 2;
  return lines > 12 ? [`${path}: the header has ${lines} lines, the limit is 12`] : [];
}

/** A protocol knows the world only through its host. */
export function touchesOnlyItsHost({ path, text }: SourceFile): string[] {
  if (!isProtocol(text)) return [];
  const bare = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
  const found = senses.flatMap((sense) => bare.match(sense)?.[0] ?? []);
  return found.map((what) => `${path}: a protocol must not use ${what}`);
}

function isProtocol(text: string): boolean {
  return /\bclass \w+(<[^{]*>)?[^{]* implements Node</.test(text);
}

/** Functions and classes that a file exports and no other file names. */
export function deadExports(all: readonly SourceFile[], { path, text }: SourceFile): string[] {
  const pattern = /^export (?:abstract )?(?:async )?(?:function\*?|class) (\w+)/gm;
  const names = [...text.matchAll(pattern)].map((match) => match[1] ?? "");
  const isNamed = (name: string): boolean =>
    all.some((other) => other.path !== path && new RegExp(`\\b${name}\\b`).test(other.text));
  return names.filter((name) => !isNamed(name)).map((name) => `${path}: nobody uses ${name}`);
}
