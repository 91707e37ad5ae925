/** A report of quality held against what the generator planted: precision and recall by fault. */
import type { AadhaarTruth, FormTruth } from "../../../generators";
import type { Finding, QualityReport } from "./check-quality";
import { repairAadhaar } from "./repair-number";
import type { FindingKind } from "./rules";

export interface QualityScore {
  /** As the generator names it. */
  readonly fault: string;
  readonly planted: number;
  /** Planted rows that were found, by a finding of the right kind. */
  readonly found: number;
  /** Findings of that kind in rows where it was not planted. */
  readonly falseAlarms: number;
  /** 0 to 1; 1 where nothing was told. */
  readonly precision: number;
  /** 0 to 1; 1 where nothing was planted. */
  readonly recall: number;
}

export interface RepairScore {
  readonly fault: string;
  readonly planted: number;
  /** Share, 0 to 1, of planted rows whose right number is the first suggestion ... */
  readonly first: number;
  /** ... is among the first three ... */
  readonly firstThree: number;
  /** ... is in the list at all. */
  readonly listed: number;
}

/** The finding that each planted fault should lead to. */
const kindOfFault: Readonly<Record<string, FindingKind | undefined>> = {
  "wrong-digit": "bad-check-digit",
  "swapped-digits": "bad-check-digit",
  "bad-check-digit": "bad-check-digit",
  "impossible-date": "impossible-date",
  "missing-field": "missing-field",
  "wrong-pin": "wrong-pin",
  "bad-phone": "bad-phone",
  "wrong-state": "wrong-state",
};

type Planted = Pick<FormTruth | AadhaarTruth, "row" | "fault">;

/**
 * `truth`: as `aadhaarFormTruth` or `aadhaarTruth` makes it, for a report on the one file of that
 * data set. Faults that no single record shows, such as duplicates, are left out. A false alarm of
 * a kind that two faults lead to counts for both.
 */
export function judgeQuality(report: QualityReport, truth: Iterable<Planted>): QualityScore[] {
  const told = new Map<FindingKind, Set<number>>();
  for (const { kind, line } of report.findings) {
    told.set(kind, (told.get(kind) ?? new Set()).add(rowOf({ line })));
  }
  const planted = new Map<string, number[]>();
  for (const { fault, row } of truth) {
    if (kindOfFault[fault] === undefined) continue;
    const rows = planted.get(fault) ?? [];
    rows.push(row);
    planted.set(fault, rows);
  }
  const rightRows = (kind: FindingKind): Set<number> =>
    new Set([...planted].flatMap(([fault, rows]) => (kindOfFault[fault] === kind ? rows : [])));
  return [...planted].map(([fault, rows]) => {
    const kind = kindOfFault[fault] as FindingKind;
    const toldRows = told.get(kind) ?? new Set<number>();
    const found = rows.filter((row) => toldRows.has(row)).length;
    const right = rightRows(kind);
    const falseAlarms = [...toldRows].filter((row) => !right.has(row)).length;
    const precision = found + falseAlarms === 0 ? 1 : found / (found + falseAlarms);
    return {
      fault,
      planted: rows.length,
      found,
      falseAlarms,
      precision,
      recall: found / rows.length,
    };
  });
}

/** The header line is the first. */
const rowOf = ({ line }: Pick<Finding, "line">): number => line - 2;

/** How often the right number is among the suggestions for planted slips in numbers. */
export function judgeRepairs(
  report: QualityReport,
  truth: Iterable<Planted & { readonly correct?: string }>,
): RepairScore[] {
  const typed = new Map(
    report.findings
      .filter(({ kind }) => kind === "bad-check-digit")
      .map((finding) => [rowOf(finding), finding.value]),
  );
  const ranks = new Map<string, number[]>();
  for (const { fault, row, correct } of truth) {
    if (kindOfFault[fault] !== "bad-check-digit") continue;
    const value = typed.get(row);
    const list = value === undefined ? [] : repairAadhaar(value);
    const rank = list.findIndex(({ aadhaar }) => aadhaar === correct);
    const known = ranks.get(fault) ?? [];
    known.push(rank < 0 ? Infinity : rank);
    ranks.set(fault, known);
  }
  return [...ranks].map(([fault, all]) => {
    const within = (limit: number): number =>
      all.filter((rank) => rank < limit).length / all.length;
    const listed = within(Infinity);
    return { fault, planted: all.length, first: within(1), firstThree: within(3), listed };
  });
}
