/** A violation as bars for a figure, and as a picture in plain text for a terminal. */
import type { HistoryBar, Operation } from "../../protocol";
import type { Violation } from "./verdict";

export interface BarsOptions {
  /** How many operations beside the offending ones are shown, those next to them; default 12. */
  readonly others?: number;
}

/** The offending operations and their neighbours in time, as bars for `historyChart`. */
export function barsOf(violation: Violation, { others = 12 }: BarsOptions = {}): HistoryBar[] {
  const shown = shownOperations(violation, others);
  const ends = shown.map(({ calledAt, returnedAt }) => {
    return Number.isFinite(returnedAt) ? returnedAt : calledAt;
  });
  const last = Math.max(...ends, violation.firstBad.returnedAt) + 1;
  const offending = idsOf(violation);
  return shown.map((operation) => ({
    process: String(operation.process),
    label: violation.describe(operation),
    from: operation.calledAt,
    to: Math.min(operation.returnedAt, last),
    mark: offending.has(operation.id)
      ? "offending"
      : operation.outcome === "ok"
        ? "fits"
        : "unknown",
  }));
}

function idsOf({ offending }: Violation): Set<number> {
  return new Set(offending.map(({ id }) => id));
}

const maxOffending = 26;

/** Those that overlap the time of the offending part first, the latest before it next. */
function shownOperations(violation: Violation, others: number): Operation[] {
  const { operations, firstBad } = violation;
  const ids = idsOf(violation);
  // A long offending part cannot be drawn: its end is where the contradiction shows.
  const offending = violation.offending.slice(-maxOffending);
  if (offending.length < violation.offending.length) return offending;
  const from = Math.min(...offending.map(({ call }) => call));
  const distance = ({ return: end }: Operation): number => Math.max(0, from - end);
  const neighbours = operations
    .filter(({ id, call }) => !ids.has(id) && call < firstBad.return)
    .sort((left, right) => distance(left) - distance(right) || right.call - left.call)
    .slice(0, others);
  return [...offending, ...neighbours].sort((left, right) => left.call - right.call);
}

/** Columns of the drawing itself. */
const width = 72;

/**
 * Lanes by process over the order of events: `|=a==|` an offending operation, `|---|` another,
 * `|~~~` one without answer; then what the letters stand for.
 */
export function textPicture(violation: Violation): string {
  const shown = shownOperations(violation, 12);
  const places = shown.flatMap(({ call, return: end }) => [call, ...(end < Infinity ? [end] : [])]);
  places.sort((left, right) => left - right);
  const scale = Math.max(1, Math.floor(width / places.length));
  const column = (place: number): number => {
    return place === Infinity ? places.length * scale : places.indexOf(place) * scale;
  };
  const letters = lettersOf(violation);
  const lanes = new Map<string, string>();
  for (const operation of shown) {
    const name = `process ${operation.process}`;
    const letter = letters.get(operation.id);
    const bar = drawBar(column(operation.return) - column(operation.call), operation, letter);
    const lane = lanes.get(name) ?? "";
    lanes.set(name, lane.slice(0, column(operation.call)).padEnd(column(operation.call)) + bar);
  }
  const margin = Math.max(...[...lanes.keys()].map(({ length }) => length)) + 2;
  return [...lanes].map(([name, lane]) => `${name.padEnd(margin)}${lane}`).join("\n");
}

/**
 * A letter for each offending operation in order of their calls: the last 26, where there are more.
 */
export function lettersOf({ offending }: Violation): Map<number, string> {
  const letters = "abcdefghijklmnopqrstuvwxyz";
  return new Map(offending.slice(-maxOffending).map(({ id }, i) => [id, letters[i]]));
}

function drawBar(length: number, operation: Operation, letter: string | undefined): string {
  if (operation.outcome === "unknown") return "|".padEnd(length + 1, "~");
  const line = letter === undefined ? "-" : "=";
  return `|${(letter ?? "").padEnd(Math.max(0, length - 1), line)}|`;
}
