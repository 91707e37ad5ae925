import { formatClock } from "../calendar";
import { states } from "../india/states";
import type { VotesColumns } from "./columns";
import { constituencies } from "./constituencies";

/** The counting day: a Saturday. */
export const countingDate = "2026-05-16";

/** One upload: the count of one voting machine, or a constituency's postal ballots. */
export interface VotesRow {
  /** Such as "u1893"; an upload that is sent twice keeps it. */
  readonly upload: string;
  /** Local time (IST), ISO 8601 with milliseconds. */
  readonly time: string;
  /** The same, of its arrival: uploads come late, and not in the order of `time`. */
  readonly received: string;
  /** "evm" or "postal". */
  readonly kind: string;
  /** 0 for postal ballots, else 1 to 20. */
  readonly round: number;
  readonly state: string;
  /** Such as "UP-77". */
  readonly constituency: string;
  /** Counting centre, such as "UP-77-3"; empty for postal ballots. */
  readonly centre: string;
  /** Polling station within the constituency, from 1; 0 for postal ballots. */
  readonly station: number;
  /** Electors of the station; 0 for postal ballots. */
  readonly electors: number;
  /** Voters in the register of the day, Form 17A; postal covers received. */
  readonly issued: number;
  /** Of them those without a vote that counts: they declined to vote, or the cover was void. */
  readonly rejected: number;
  /** Control unit, such as "CU00000017"; empty for postal ballots. */
  readonly machine: string;
  /** Votes by the polling station's own record: issued - rejected. */
  readonly form_17c: number;
  /** Votes in the upload, NOTA included. */
  readonly total: number;
  readonly nota: number;
  /** Votes by candidate in the order of the ballot: "312;288;45". */
  readonly votes: string;
  /** CRC-32 of "machine,form_17c,total,nota,votes" as eight hexadecimal digits. */
  readonly checksum: string;
}

/** Row `row` of the columns as an object. */
export function votesRowAt(columns: VotesColumns, row: number): VotesRow {
  const { code, state } = constituencies[columns.constituency[row]];
  const centre = columns.centre[row];
  const votes = columns.votes.subarray(columns.votesFrom[row], columns.votesFrom[row + 1]);
  return {
    upload: `u${columns.upload[row]}`,
    time: `${countingDate}T${formatClock(columns.timeMs[row])}`,
    received: `${countingDate}T${formatClock(columns.receivedMs[row])}`,
    kind: columns.round[row] === 0 ? "postal" : "evm",
    round: columns.round[row],
    state: states[state].name,
    constituency: code,
    centre: centre === 0 ? "" : `${code}-${centre}`,
    station: columns.station[row],
    electors: columns.electors[row],
    issued: columns.issued[row],
    rejected: columns.rejected[row],
    machine: formatMachine(columns.machine[row]),
    form_17c: columns.form17c[row],
    total: columns.total[row],
    nota: columns.nota[row],
    votes: votes.join(";"),
    checksum: columns.checksum[row].toString(16).padStart(8, "0"),
  };
}

function formatMachine(machine: number): string {
  return machine === 0 ? "" : `CU${String(machine).padStart(8, "0")}`;
}
