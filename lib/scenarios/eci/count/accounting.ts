/**
 * The accounts of one upload: does it say what its machine said, and does every ballot issued end
 * as a vote or as rejected?
 *
 * Source: Conduct of Elections Rules 1961, Form 17C part I (account of votes recorded): voters in
 * the register less those who did not vote are the votes in the machine; rule 56C compares them at
 * the count. Ours has the checksum besides, and the register as known on the evening of the poll.
 * Assumes: `stations` come from another source than the uploads, so that both must be forged.
 */
import { uploadChecksum } from "../../../generators/votes/upload-checksum";
import type { StationRow, VotesRow } from "../../../generators/votes";
import type { UploadFault } from "./findings";
import { votesOf } from "./tally";

/** What is known before the count. */
export interface KnownStation {
  /** Undefined: no such station. */
  readonly station: StationRow | undefined;
  /** Who stand in the constituency. */
  readonly candidates: number;
}

/** Everything that is wrong; empty for an upload that counts. */
export function checkUpload(row: VotesRow, known: KnownStation): UploadFault[] {
  const { total, form_17c: form17c } = row;
  // When the checksum does not fit, no other figure can be believed.
  if (uploadChecksum(row) !== row.checksum) {
    return [{ kind: "tampered", figures: { total, form17c } }];
  }
  const { station } = known;
  if (station === undefined) return [{ kind: "unknown-station", figures: { total } }];
  return [
    ...checkMachine(row, station),
    ...checkBallot(row, known.candidates),
    ...checkRegister(row, station),
    ...checkTotal(row),
  ];
}

function checkMachine(row: VotesRow, station: StationRow): UploadFault[] {
  const isRight = row.machine === station.machine && row.centre === station.centre;
  return isRight ? [] : [{ kind: "wrong-machine", figures: { station: row.station } }];
}

function checkBallot(row: VotesRow, candidates: number): UploadFault[] {
  const votes = votesOf(row);
  const faults: UploadFault[] = [];
  if (votes.length !== candidates) {
    faults.push({ kind: "wrong-ballot", figures: { candidates, found: votes.length } });
  }
  const sum = votes.reduce((added, one) => added + one, row.nota);
  if (sum !== row.total) faults.push({ kind: "wrong-sum", figures: { sum, total: row.total } });
  return faults;
}

function checkRegister(row: VotesRow, station: StationRow): UploadFault[] {
  const { issued, rejected, form_17c: form17c } = row;
  if (issued === station.issued && issued === rejected + form17c) return [];
  const figures = { issued, known: station.issued, rejected, form17c };
  return [{ kind: "wrong-register", figures }];
}

function checkTotal({ total, form_17c: form17c }: VotesRow): UploadFault[] {
  if (total === form17c) return [];
  return [{ kind: total < form17c ? "lost-votes" : "extra-votes", figures: { total, form17c } }];
}
