/**
 * What goes wrong in some uploads, and what is true.
 *
 * Kinds: "tampered": votes moved from one candidate to another after the machine had computed its
 * checksum. "duplicated-upload": an earlier upload came again, in the place of another one, which
 * never came ("missing-station"), so that the number of rows looks right. "lost-votes": a machine
 * has counted fewer votes than were cast, with a checksum that fits. "lying-centre": every machine
 * of a counting centre has votes added for one candidate, and a checksum that fits; only the
 * polling stations' own records (Form 17C) tell.
 */
import { Random } from "../../basics";
import type { Spec } from "../data-set";
import { Permutation } from "../permutation";
import { constituencies } from "./constituencies";
import { centresPerConstituency } from "./schedule";
import { Upload } from "./upload";
import type { Election } from "./upload";

export const votesFaults = [
  ...["tampered", "duplicated-upload", "missing-station", "lost-votes", "lying-centre"],
] as const;

export interface VotesTruth {
  /** Number of the row in the data, from 0. */
  readonly row: number;
  readonly fault: (typeof votesFaults)[number];
  /** The upload that the line is about; of a missing station the one that never came. */
  readonly upload: string;
  readonly constituency: string;
  readonly station: number;
  /** Of a duplicate: the row of the upload that came again. */
  readonly of?: number;
  /** Of a lying centre: its code. */
  readonly centre?: string;
  /** Serial of the candidate who gained, and votes gained. */
  readonly gainer?: number;
  readonly votes?: number;
  /** Of tampering and lost votes: serial of the candidate who lost them. */
  readonly loser?: number;
}

const faultStream = 1_000_000_000;
/** Share of lying centres in the fault rate. */
const liarShare = 0.2;
/** Of the rest; what remains has lost votes. */
const [tamperedShare, repeatedShare] = [0.4, 0.4];
/** A duplicate repeats one of so many uploads before it. */
const memory = 2_000;

export class VotesFaults {
  private readonly rate: number;
  private readonly liars = new Set<number>();
  private readonly due = new Upload();

  constructor(
    private readonly spec: Spec,
    private readonly election: Election,
  ) {
    const rate = spec.faults ?? 0;
    const centres = constituencies.length * centresPerConstituency;
    const count = rate > 0 ? Math.max(1, Math.round(rate * liarShare * centres)) : 0;
    const order = new Permutation(centres, spec.seed);
    for (let i = 0; i < count; i++) this.liars.add(order.at(i));
    this.rate = (rate * (1 - liarShare)) / (1 - rate * liarShare);
  }

  /** Writes what arrives at `row` into `upload`, and tells what is wrong with it. */
  fill(row: number, upload: Upload): VotesTruth[] {
    this.election.fill(row, upload);
    if (upload.round === 0) return [];
    const random = new Random(this.spec.seed, faultStream + row);
    if (this.liars.has(centreNumber(upload))) return [lie(upload, row)];
    if (!random.chance(this.rate)) return [];
    const drawn = random.next();
    if (drawn < tamperedShare) return [tamper(upload, row, random)];
    if (drawn < tamperedShare + repeatedShare) return this.repeat(upload, row, random);
    return [lose(upload, row, random)];
  }

  private repeat(upload: Upload, row: number, random: Random): VotesTruth[] {
    const missing: VotesTruth = { row, fault: "missing-station", ...nameOf(upload) };
    const of = row - 1 - random.below(Math.min(row, memory));
    this.fill(of, this.due);
    upload.copy(this.due);
    return [{ row, fault: "duplicated-upload", ...nameOf(upload), of }, missing];
  }
}

function nameOf(upload: Upload): { upload: string; constituency: string; station: number } {
  const { code } = constituencies[upload.constituency];
  return { upload: `u${upload.upload}`, constituency: code, station: upload.station + 1 };
}

function centreNumber({ constituency, centre }: Upload): number {
  return constituency * centresPerConstituency + centre - 1;
}

/** A centre always favours the same candidate, with a twelfth of the votes on top. */
function lie(upload: Upload, row: number): VotesTruth {
  const gainer = centreNumber(upload) % upload.candidates;
  const votes = Math.ceil(upload.total / 12);
  upload.ownVotes[gainer] += votes;
  upload.total += votes;
  upload.seal();
  const centre = `${constituencies[upload.constituency].code}-${upload.centre}`;
  return { row, fault: "lying-centre", ...nameOf(upload), centre, gainer: gainer + 1, votes };
}

/** Moves up to a half of the leading candidate's votes to another one. */
function tamper(upload: Upload, row: number, random: Random): VotesTruth {
  const { loser, moved } = takeFromLeader(upload, random);
  const gainer = (loser + 1 + random.below(upload.candidates - 1)) % upload.candidates;
  upload.ownVotes[gainer] += moved;
  upload.write();
  const serials = { gainer: gainer + 1, loser: loser + 1 };
  return { row, fault: "tampered", ...nameOf(upload), ...serials, votes: moved };
}

function lose(upload: Upload, row: number, random: Random): VotesTruth {
  const { loser, moved } = takeFromLeader(upload, random);
  upload.total -= moved;
  upload.seal();
  return { row, fault: "lost-votes", ...nameOf(upload), loser: loser + 1, votes: moved };
}

function takeFromLeader(upload: Upload, random: Random): { loser: number; moved: number } {
  const votes = upload.ownVotes;
  const loser = votes.indexOf(Math.max(...votes));
  const moved = 1 + random.below(Math.max(1, votes[loser] >> 1));
  votes[loser] -= moved;
  return { loser, moved };
}
