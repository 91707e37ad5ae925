/** Uploads of voting machines as typed columns. */

/** The column names of the CSV form, in order. The checksum covers machine to votes. */
export const votesHeader = [
  ...["upload", "time", "received", "kind", "round", "state", "constituency", "centre", "station"],
  ...[
    "electors",
    "issued",
    "rejected",
    "machine",
    "form_17c",
    "total",
    "nota",
    "votes",
    "checksum",
  ],
] as const;

/** Rows as columns of equal length. */
export interface VotesColumns {
  readonly rows: number;
  /** Number of the upload: an upload that is sent twice keeps it. */
  readonly upload: Float64Array;
  /** Milliseconds since midnight, Indian Standard Time. */
  readonly timeMs: Uint32Array;
  /** When the returning officer had it: after `timeMs`, and not in its order. */
  readonly receivedMs: Uint32Array;
  /** 0 for postal ballots, else 1 to 20. */
  readonly round: Uint8Array;
  /** Index into `constituencies`. */
  readonly constituency: Uint16Array;
  /** Counting centre within the constituency, 1 to 7; 0 for postal ballots. */
  readonly centre: Uint8Array;
  /** Polling station within the constituency, from 1; 0 for postal ballots. */
  readonly station: Uint32Array;
  readonly electors: Uint32Array;
  /** Voters in the register of the day, Form 17A; postal covers received. */
  readonly issued: Uint32Array;
  /** Of them those without a vote that counts: they declined to vote, or the cover was void. */
  readonly rejected: Uint32Array;
  /** Number of the machine, from 1; 0 for postal ballots. */
  readonly machine: Uint32Array;
  /** Voters by the polling station's own record, Form 17C: issued - rejected. */
  readonly form17c: Uint32Array;
  /** Votes in the upload, NOTA included. */
  readonly total: Uint32Array;
  readonly nota: Uint32Array;
  /** CRC-32 as the machine computed it. */
  readonly checksum: Uint32Array;
  /** Votes by candidate in the order of the ballot, all rows one after another. */
  readonly votes: Uint32Array;
  /** Where each row starts in `votes`; one element more than there are rows. */
  readonly votesFrom: Uint32Array;
  /** "machine,form_17c,total,nota,votes" as in the CSV, all rows one after another. */
  readonly counted: Uint8Array;
  /** Where each row starts in `counted`; one element more than there are rows. */
  readonly countedFrom: Uint32Array;
}

/** `votes`: the most that a row can have; `counted`: room for the texts of all rows. */
export function makeVotesColumns(
  rows: number,
  { votes, counted }: { votes: number; counted: Uint8Array },
): VotesColumns {
  const words = (): Uint32Array => new Uint32Array(rows);
  return {
    rows,
    upload: new Float64Array(rows),
    timeMs: words(),
    receivedMs: words(),
    round: new Uint8Array(rows),
    constituency: new Uint16Array(rows),
    centre: new Uint8Array(rows),
    station: words(),
    electors: words(),
    issued: words(),
    rejected: words(),
    machine: words(),
    form17c: words(),
    total: words(),
    nota: words(),
    checksum: words(),
    votes: new Uint32Array(rows * votes),
    votesFrom: new Uint32Array(rows + 1),
    counted,
    countedFrom: new Uint32Array(rows + 1),
  };
}
