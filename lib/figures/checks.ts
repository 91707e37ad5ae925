/** Claims and whether they hold: a table with ticks that fails the cell when one does not. */
import { table } from "./table";
import type { Table } from "./table";

export interface Check {
  readonly claim: string;
  readonly holds: boolean;
  /** What was seen: shown beside the claim; a column that is left out where no check has it. */
  readonly seen?: string | number;
}

/** The checks as a table. */
export function checkTable(checks: readonly Check[]): Table {
  const hasSeen = checks.some(({ seen }) => seen !== undefined);
  return table(
    checks.map(({ claim, holds, seen = "" }) => {
      const row = { "": holds ? "✓" : "✗", claim };
      return hasSeen ? { ...row, seen } : row;
    }),
  );
}

/** Throws an Error that names the claims that do not hold. */
export function requireChecks(checks: readonly Check[]): void {
  const failed = checks.filter(({ holds }) => !holds);
  if (failed.length === 0) return;
  const told = failed.map(({ claim, seen }) => (seen === undefined ? claim : `${claim} (${seen})`));
  throw new Error(`does not hold: ${told.join("; ")}`);
}
