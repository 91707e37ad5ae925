/**
 * A failure of a cell as Jupyter wants it: name, message, and a traceback that a reader can use.
 */
import { inspect } from "util";
import { cellLine } from "./line-map";
import type { PreparedCell } from "./prepare-cell";

export interface CellError {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

/** The name under which a cell's code runs, so that stack frames can be told apart. */
export const cellFile = (count: number): string => `cell-${count}.ts`;

export const isCellFile = (file: string): boolean => /^cell-\d+\.ts$/.test(file);

const cellFrame = /cell-(\d+)\.ts:(\d+)(?::\d+)?/;

/** A cell's code as run and as written. */
export interface CellCode {
  readonly emitted: string;
  readonly source: string;
}

/** The code of the cells so far, by their count, and which of them is in work. */
export interface KnownCode {
  readonly cells: ReadonlyMap<number, CellCode>;
  readonly current: number;
}

/** Something thrown by a cell, or by a function that an earlier cell made. */
export function thrownError(thrown: unknown, known: KnownCode): CellError {
  const error = asError(thrown);
  const ename = error.name || "Error";
  const evalue = error.message;
  const frames = readableFrames(String(error.stack ?? ""), known);
  const cause = error.cause === undefined ? [] : [`caused by: ${asError(error.cause).message}`];
  return { ename, evalue, traceback: [`${ename}: ${evalue}`, ...cause, ...frames] };
}

/** What the compiler printed, as "line:column - message" lines. */
export function compileError(text: string, prepared: PreparedCell): CellError {
  const place = (_: string, line: string, column: string): string =>
    `${line}:${prepared.originalColumn(Number(line), Number(column))} - `;
  const lines = text
    .trim()
    .split("\n")
    .map((message) => message.replace(/^(\d+):(\d+) - /, place));
  return { ename: "TypeScriptError", evalue: lines.join("\n"), traceback: lines };
}

export const interruptError: CellError = {
  ename: "Interrupted",
  evalue: "the cell was interrupted",
  traceback: ["Interrupted: the cell was interrupted"],
};

function asError(thrown: unknown): Error {
  if (typeof thrown === "object" && thrown !== null && "message" in thrown) return thrown as Error;
  return new Error(typeof thrown === "string" ? thrown : inspect(thrown));
}

/** The frames of cells by their line as written; those of libraries and the kernel as a count. */
function readableFrames(stack: string, known: KnownCode): string[] {
  const frames = stack.split("\n").filter((line) => /^\s+at /.test(line));
  const readable = frames.map((frame) => readableFrame(frame, known));
  const folded = readable.filter((frame) => frame === undefined).length;
  const shown = readable.filter((frame): frame is string => frame !== undefined);
  if (folded > 0) shown.push(`    (${folded} frames of libraries and the kernel are folded)`);
  return shown;
}

function readableFrame(frame: string, { cells, current }: KnownCode): string | undefined {
  const match = cellFrame.exec(frame);
  const count = Number(match?.[1]);
  const code = cells.get(count);
  if (match === null || code === undefined) return undefined;
  const line = cellLine(Number(match[2]), code);
  const cell = count === current ? "the cell" : `cell ${count}`;
  const where = /at (?:async )?([\w.<>]+) \(/.exec(frame)?.[1];
  const label = where === undefined || where.startsWith("eval") ? "" : ` in ${where}`;
  return `    at line ${line} of ${cell}${label}: ${sourceLine(code.source, line)}`;
}

function sourceLine(source: string, line: number): string {
  return (source.split("\n")[line - 1] ?? "").trim();
}
