/** A verdict in words, for a terminal or a log. */
import type { Operation } from "../../protocol";
import { lettersOf, textPicture } from "./picture";
import type { IncrementalVerdict, LinearizabilityVerdict, OrderStep, Violation } from "./verdict";

/** What a reader needs to believe the verdict: for a violation the evidence and its picture. */
export function describeVerdict(verdict: LinearizabilityVerdict | IncrementalVerdict): string {
  const { operations, parts, model } = verdict;
  const objects = parts === 1 ? "1 object" : `${parts} objects`;
  const size = `${operations} operations on ${objects} judged as ${model}`;
  if (verdict.kind === "linearizable") {
    return `linearizable: ${size}\n${"orders" in verdict ? examples(verdict.orders) : ""}`;
  }
  if (verdict.kind === "unknown") {
    const limit = verdict.why === "time" ? "the time ran out" : "too many configurations";
    const keys = verdict.keys.map((key) => (key === "" ? "the object" : key));
    return `unknown: ${size}; ${limit} before ${keys.join(", ")} could be decided\n`;
  }
  return `not linearizable: ${size}\n${describeViolation(verdict.violation)}`;
}

/** The most operations that a sentence lists, and the most characters of each. */
const listedAtMost = 6;
const charactersAtMost = 120;

/**
 * The verdict in one line of at most a thousand characters, for the report of a storm: of a
 * violation the first answer that no order explains, and the operations that contradict it.
 */
export function verdictInOneLine(verdict: LinearizabilityVerdict): string {
  if (verdict.kind !== "not linearizable") return describeVerdict(verdict).split("\n", 1)[0] ?? "";
  const { key, firstBad, offending, operations, isSmallest, describe } = verdict.violation;
  const told = (operation: Operation): string => {
    const text = describe(operation);
    return text.length <= charactersAtMost ? text : `${text.slice(0, charactersAtMost)}...`;
  };
  const others = offending.filter(({ id }) => id !== firstBad.id);
  const listed = others.slice(-listedAtMost).map(told);
  const more = others.length - listed.length;
  if (more > 0) listed.unshift(`${more} more`);
  const order = isSmallest ? "which no order explains" : "by which no order is left";
  const where = key === "" ? "" : `${key}: `;
  const size = `${offending.length} of ${operations.length} operations contradict each other`;
  return `${where}${told(firstBad)}, ${order}; ${size}: ${listed.join("; ") || "it alone"}`;
}

function examples(orders: readonly { key: string; steps: readonly OrderStep[] }[]): string {
  const shown = orders.slice(0, 3).map(({ key, steps }) => {
    return `order${key === "" ? "" : ` of ${key}`}: ${tail(steps, "start")}\n`;
  });
  const more = orders.length - shown.length;
  return shown.join("") + (more > 0 ? `and an order for each of ${more} other objects\n` : "");
}

/** Five steps of an order, from its start or to its end. */
function tail(steps: readonly OrderStep[], from: "start" | "end"): string {
  if (steps.length === 0) return "empty";
  const few = from === "start" ? steps.slice(0, 5) : steps.slice(-5);
  const told = few.map(({ description }) => description).join("; ");
  if (few.length === steps.length) return told;
  return from === "start" ? `${told}; ... (${steps.length} in all)` : `...; ${told}`;
}

/** The first bad answer, the longest linearizable prefix, and the offending part with a picture. */
export function describeViolation(violation: Violation): string {
  const { key, firstBad, prefix, offending, isSmallest, startStates } = violation;
  const state = prefix.at(-1)?.state;
  const size = isSmallest ? "smallest offending part" : "offending part (perhaps not the smallest)";
  const first = isSmallest
    ? "first answer that no order explains"
    : "no order is left by the answer";
  const order = `${tail(prefix, "end")}${state === undefined ? "" : `; then ${state}`}`;
  return [
    ...(key === "" ? [] : [`object: ${key}`]),
    ...(startStates === undefined ? [] : [`beginning as: ${startStates.join(" or ")}`]),
    `${first}: ${placed(firstBad, violation)}`,
    ...(prefix.length === 0 && !isSmallest
      ? []
      : [
          `longest linearizable prefix: the ${prefix.length} operations placed before that answer`,
          `  its order: ${order}`,
        ]),
    `${size}: ${offending.length} of ${violation.operations.length} operations`,
    ...described(violation),
    "",
    textPicture(violation),
    "",
  ].join("\n");
}

/** A long part is told by its first and last operations. */
const shownAtMost = 30;

function described(violation: Violation): string[] {
  const letters = lettersOf(violation);
  const lines = violation.offending.map((operation) => {
    return `  ${letters.get(operation.id) ?? " "}  ${placed(operation, violation)}`;
  });
  if (lines.length <= shownAtMost) return lines;
  const cut = lines.length - shownAtMost;
  return [...lines.slice(0, 4), `  ... ${cut} more ...`, ...lines.slice(4 - shownAtMost)];
}

function placed(operation: Operation, { describe }: Violation): string {
  const { process, line, returnLine, call, return: end } = operation;
  const place =
    line === undefined ? `events ${call + 1} to ${end + 1}` : `lines ${line} to ${returnLine}`;
  return `${describe(operation)} (process ${process}, ${place})`;
}
