/** What one machine sends: the votes of its polling station, and their checksum. */
import { Random } from "../../basics";
import { crc32Of } from "../checksum";
import { comma, RowWriter, Separator, thenComma } from "../row-writer";
import { mix } from "../permutation";
import { logNormalTable, normalTable } from "../tables";
import { clamp, makeBallots, mostCandidates } from "./ballots";
import type { Ballot } from "./ballots";
import { centresPerConstituency, Schedule } from "./schedule";
import type { Slot } from "./schedule";

/**
 * Electors of a polling station: normal, within bounds. Mean and spread are assumptions; 1,500 was
 * the Election Commission's limit.
 */
export const meanElectors = 870;
export const electorsSpread = 180;
export const fewestElectors = 200;
export const mostElectors = 1_500;
/** Standard deviation of a station's turnout around its constituency's; an assumption. */
export const stationTurnoutSpread = 0.06;
/** Spread of the logarithm of a candidate's appeal from station to station; an assumption. */
export const stationAppealSigma = 0.2;
/** Postal ballots as a share of all votes: from memory of 2019, not checked. */
export const postalShare = 0.0037;
/** Postal covers that are void, as a share of those received, on average; an assumption. */
export const postalRejectedShare = 0.08;
/** Voters of a station who declined to vote: an exponential draw of this mean, rounded down. */
export const declinedMean = 0.6;
/** From the count to the returning officer: log-normal; an assumption. */
export const delayMedianMs = 45_000;
export const delaySigma = 0.9;
/** The share of rounds in which a centre has no line, and how long it then waits, at most. */
export const outageRate = 0.04;
export const longestOutageMs = 2 * 3_600_000;

const thenSemicolon = new Separator(59);
const declinedTable = Uint8Array.from({ length: 4_096 }, (_, place) =>
  Math.floor(-declinedMean * Math.log(1 - (place + 0.5) / 4_096)),
);
const delayTable = logNormalTable(delaySigma);
const appealTable = logNormalTable(stationAppealSigma);
const normals = normalTable();
/** No text is longer: the machine, and numbers of at most ten digits. */
export const maxCountedBytes = 64 + 11 * mostCandidates;

/** One upload, to be filled again and again. */
export class Upload implements Slot {
  upload = 0;
  round = 0;
  constituency = 0;
  centre = 0;
  station = -1;
  electors = 0;
  issued = 0;
  rejected = 0;
  /** From the count to the returning officer. */
  delayMs = 0;
  machine = -1;
  form17c = 0;
  total = 0;
  nota = 0;
  /** Where its votes begin in `votes`, and how many there are. */
  firstVote = 0;
  candidates = 0;
  checksum = 0;
  /** Where in `counted` its text begins. */
  countedFrom = 0;

  /**
   * `votes`: has room for its votes. `counted`: for "machine,form_17c,total,nota,votes" as in the
   * CSV, what the checksum covers. Both may hold what is before.
   */
  constructor(
    readonly votes = new Uint32Array(mostCandidates),
    readonly counted = new RowWriter(maxCountedBytes),
  ) {}

  /** Its own part of `votes`. */
  get ownVotes(): Uint32Array {
    return this.votes.subarray(this.firstVote, this.firstVote + this.candidates);
  }

  /** What comes next is written behind it. */
  advance(): void {
    this.firstVote += this.candidates;
    this.countedFrom = this.counted.at;
  }

  /** Becomes the same as `from`, which may be this one. */
  copy(from: Upload): void {
    if (from === this) return;
    const { votes, counted, firstVote, countedFrom } = this;
    Object.assign(this, from, { votes, counted, firstVote, countedFrom });
    this.votes.set(from.ownVotes, firstVote);
    counted.at = countedFrom;
    counted.copyRange(from.counted.view, from.countedFrom, from.counted.at);
  }

  /** Writes what is to be counted anew; the checksum stays as it is. */
  write(): void {
    const { counted, votes, firstVote } = this;
    counted.at = this.countedFrom;
    writeMachine(counted, this.machine);
    counted.numberAnd(thenComma, this.form17c);
    counted.numberAnd(thenComma, this.total);
    counted.numberAnd(thenComma, this.nota);
    counted.numbersAnd(thenSemicolon, votes, firstVote, firstVote + this.candidates);
    counted.at--;
  }

  /** Writes what is to be counted, and the checksum that fits. */
  seal(): void {
    this.write();
    this.checksum = crc32Of(this.counted.view, this.countedFrom, this.counted.at);
  }
}

/** An election: ballots and schedule of a number of uploads and a seed. */
export class Election {
  readonly schedule: Schedule;
  readonly ballots: readonly Ballot[];
  private readonly random = new Random(0);
  private readonly weights = new Float64Array(mostCandidates + 1);

  constructor(
    rows: number,
    private readonly seed: number,
  ) {
    this.schedule = new Schedule(rows, seed);
    this.ballots = makeBallots(seed);
  }

  /** Writes the honest upload that is due at `row` into `upload`. */
  fill(row: number, upload: Upload): void {
    this.schedule.fill(row, upload);
    const { random } = this;
    random.restart(this.seed, row);
    const ballot = this.ballots[upload.constituency];
    upload.upload = row;
    if (upload.round === 0) this.fillPostal(upload, ballot);
    else fillStation(upload, ballot, random);
    this.castVotes(upload, ballot, random);
    upload.seal();
    fillRegister(upload, random);
    this.fillDelay(upload, random);
  }

  /** A centre whose line is down sends the whole round later, in the order in which it can. */
  private fillDelay(upload: Upload, random: Random): void {
    const { constituency, centre, round } = upload;
    upload.delayMs = Math.round(delayMedianMs * delayTable[random.uint32() >>> 20]);
    const place = (constituency * (centresPerConstituency + 1) + centre) * 32 + round;
    if (mix(place, this.seed) >= outageRate * 0x1_0000_0000) return;
    const outageMs = (longestOutageMs * mix(place, this.seed + 1)) / 0x1_0000_0000;
    upload.delayMs += Math.round(outageMs * (0.5 + random.next() / 2));
  }

  private fillPostal(upload: Upload, ballot: Ballot): void {
    const stations = this.schedule.stations[upload.constituency];
    upload.centre = 0;
    upload.electors = 0;
    upload.form17c = Math.round(1 + stations * meanElectors * ballot.turnout * postalShare);
  }

  /** Shares the voters out; the rounding errors do not add up. */
  private castVotes(upload: Upload, { shares }: Ballot, random: Random): void {
    const weights = this.weights;
    let sum = 0;
    for (let i = 0; i < shares.length; i++) {
      weights[i] = shares[i] * appealTable[random.uint32() >>> 20];
      sum += weights[i];
    }
    const scale = upload.form17c / sum;
    let [reached, given] = [0, 0];
    upload.candidates = shares.length - 1;
    for (let i = 0; i < upload.candidates; i++) {
      reached += weights[i] * scale;
      const upTo = (reached + 0.5) | 0;
      upload.votes[upload.firstVote + i] = upTo - given;
      given = upTo;
    }
    upload.nota = upload.form17c - given;
    upload.total = upload.form17c;
  }
}

function fillStation(upload: Upload, ballot: Ballot, random: Random): void {
  const drawn = Math.round(meanElectors + electorsSpread * normals[random.uint32() >>> 20]);
  upload.electors = clamp(drawn, fewestElectors, mostElectors);
  const turnout = clamp(
    ballot.turnout + stationTurnoutSpread * normals[random.uint32() >>> 20],
    0.02,
    0.99,
  );
  upload.form17c = Math.round(upload.electors * turnout);
  upload.centre = 1 + (upload.station % centresPerConstituency);
}

/** Issued = form17c + rejected; nobody is in the register who is not an elector. */
function fillRegister(upload: Upload, random: Random): void {
  const { form17c, electors, round } = upload;
  if (round === 0) {
    const share = postalRejectedShare * (0.5 + random.next());
    upload.rejected = Math.round((form17c * share) / (1 - share));
  } else upload.rejected = Math.min(electors - form17c, declinedTable[random.uint32() >>> 20]);
  upload.issued = form17c + upload.rejected;
}

/** "CU00000017,", or nothing for postal ballots. `machine` counts from 0. */
function writeMachine(writer: RowWriter, machine: number): void {
  if (machine >= 0) {
    writer.byte(67);
    writer.byte(85);
    if (machine + 1 < 100_000_000) writer.digits(machine + 1, 8);
    else writer.number(machine + 1);
  }
  writer.byte(comma);
}
