/** Which upload of a station stands: the only one without a fault; else none does. */
import type { VotesRow } from "../../../generators/votes";
import { checkUpload } from "./accounting";
import type { KnownStation } from "./accounting";
import type { Finding, UploadFault } from "./findings";
import type { SheetEntry } from "./seat-sheet";

export interface SettledStation {
  readonly standing: VotesRow | undefined;
  readonly findings: readonly Finding[];
}

/** `entries`: the different uploads of the station. */
export function settleStation(entries: readonly SheetEntry[], known: KnownStation): SettledStation {
  const faults = entries.map(({ row }) => checkUpload(row, known));
  const findings = entries.flatMap((entry, at) => [
    ...faults[at].map((fault) => findingOf(entry.row, fault)),
    ...duplicatesOf(entry),
  ]);
  const clean = entries.filter((_, at) => faults[at].length === 0);
  if (clean.length <= 1) return { standing: clean[0]?.row, findings };
  const conflicts = clean.map(({ row }) => {
    const figures = { total: row.total, versions: clean.length };
    return findingOf(row, { kind: "conflicting-upload", figures });
  });
  return { standing: undefined, findings: [...findings, ...conflicts] };
}

function findingOf(row: VotesRow, { kind, figures }: UploadFault): Finding {
  const { constituency, centre, station, machine, upload } = row;
  return { kind, constituency, centre, station, machine, upload, figures };
}

/** One for each time that it came again. */
function duplicatesOf({ row, receivedAt }: SheetEntry): Finding[] {
  return receivedAt.slice(1).map((_, at) => {
    const figures = { copy: at + 2, copies: receivedAt.length };
    return findingOf(row, { kind: "duplicate-upload", figures });
  });
}
