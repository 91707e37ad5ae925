/**
 * Every record of the register looked at on all cores: what is missing, what cannot be, what does
 * not fit together, with the file, the line and the reason.
 *
 * Cost: some 5 microseconds a record and core, then one reading of the file for the line numbers.
 */
import { statSync } from "fs";
import { mapReduce } from "../../../batch";
import type { MapReduceOptions } from "../../../batch";
import { columnsOf, qualityJob } from "./quality-job";
import type { FoundFault } from "./quality-job";
import { lineNumbers } from "./line-numbers";
import { repairAadhaar } from "./repair-number";
import type { RepairCandidate } from "./repair-number";
import type { FindingKind } from "./rules";

export interface Finding {
  readonly kind: FindingKind;
  readonly column: string;
  readonly file: string;
  /** From 1, the header line being the first. */
  readonly line: number;
  readonly value: string;
  readonly reason: string;
  /**
   * Of the first 1,000 bad check digits: the likeliest three numbers that may have been meant. For
   * others `repairAadhaar` tells them.
   */
  readonly suggestions?: readonly RepairCandidate[];
}

/** One line of the report. */
export interface QualityRow {
  readonly kind: FindingKind;
  readonly column: string;
  readonly count: number;
  /** Share of the records, 0 to 1. */
  readonly share: number;
}

export interface QualityReport {
  readonly records: number;
  readonly faultyRecords: number;
  /** Most frequent first. */
  readonly rows: readonly QualityRow[];
  /** In the order of kinds, files and lines. At most 100,000 of each kind and column. */
  readonly findings: readonly Finding[];
  readonly elapsedMs: number;
  readonly recordsPerSecond: number;
}

export type QualityOptions = Pick<MapReduceOptions, "workers" | "signal" | "onProgress">;

/**
 * CSV files of `aadhaar`, of `aadhaar-forms`, or with some of their columns. Throws InputError for
 * a file that is not there or has no column `aadhaar`.
 */
export async function checkQuality(
  files: string | readonly string[],
  options: QualityOptions = {},
): Promise<QualityReport> {
  const startMs = performance.now();
  const inputs = typeof files === "string" ? [files] : files;
  // What is no file is left for the engine to refuse.
  const isFile = (input: string): boolean =>
    statSync(input, { throwIfNoEntry: false })?.isFile() === true;
  inputs.filter(isFile).forEach(columnsOf);
  const { rows, counters } = await mapReduce(qualityJob, inputs, options);
  const records = counters.recordsRead ?? 0;
  const kinds = rows.map(({ key, value }) => {
    const [kind, column] = key.split(" ") as [FindingKind, string];
    return { kind, column, ...value };
  });
  const lines = await linesOf(kinds.flatMap(({ found }) => found));
  const findings = kinds.flatMap(({ kind, column, found }) =>
    found.map((one, i) => withSuggestions(asFinding({ kind, column }, one, lines), i)),
  );
  const elapsedMs = performance.now() - startMs;
  return {
    ...{ records, findings, elapsedMs },
    faultyRecords: counters.faultyRecords ?? 0,
    rows: kinds
      .map(({ kind, column, count }) => ({ kind, column, count, share: count / records }))
      .sort((a, b) => b.count - a.count),
    recordsPerSecond: records / (elapsedMs / 1000),
  };
}

type Lines = ReadonlyMap<string, ReadonlyMap<number, number>>;

async function linesOf(found: readonly FoundFault[]): Promise<Lines> {
  const places = new Map<string, Set<number>>();
  for (const [file, at] of found) places.set(file, (places.get(file) ?? new Set()).add(at));
  const lines = new Map<string, Map<number, number>>();
  for (const [file, set] of places) {
    const sorted = [...set].sort((a, b) => a - b);
    const numbers = await lineNumbers(file, sorted);
    lines.set(file, new Map(sorted.map((at, i) => [at, numbers[i]])));
  }
  return lines;
}

function asFinding(
  { kind, column }: { kind: FindingKind; column: string },
  [file, at, value, reason]: FoundFault,
  lines: Lines,
): Finding {
  return { kind, column, file, line: lines.get(file)?.get(at) ?? 0, value, reason };
}

const suggestions = 3;
const suggestedFor = 1_000;

/** Suggestions take as long as the check of ten records: too long for each of many. */
function withSuggestions(finding: Finding, index: number): Finding {
  if (finding.kind !== "bad-check-digit" || index >= suggestedFor) return finding;
  return { ...finding, suggestions: repairAadhaar(finding.value, { limit: suggestions }) };
}
