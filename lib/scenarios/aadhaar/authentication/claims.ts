/** What the episode says of Aadhaar, beside what is measured here. */
import type { DuplicateScore } from "../iris/judge-duplicates";
import type { MatchTiming } from "./time-matches";

export interface ClaimRow {
  readonly what: string;
  /** As the episode has it. */
  readonly claimed: string;
  readonly measured: string;
  /** What the measured figure leaves out, or how it came about. */
  readonly note: string;
}

export interface MeasuredSystem {
  readonly timing: MatchTiming;
  /** At the chosen threshold, 0 to 1. */
  readonly falseReject: number;
  readonly falseAccept: number;
  /** Right ones and impostors behind these: fewer than a million cannot show one in a million. */
  readonly genuine: number;
  readonly impostors: number;
  /** Pictures in the gallery. */
  readonly people: number;
}

/** A search for duplicates, where it was made. */
export interface MeasuredSearch {
  readonly score: DuplicateScore;
  readonly people: number;
  readonly elapsedMs: number;
}

export function compareWithClaims(system: MeasuredSystem, search?: MeasuredSearch): ClaimRow[] {
  return [...authenticationRows(system), ...(search === undefined ? [] : searchRows(search))];
}

const count = (whole: number): string => Math.round(whole).toLocaleString("en");
const percent = (share: number): string => `${(100 * share).toFixed(4)} %`;

/** A share of so many tries; where it is none, how many that was. */
const rateOf = (share: number, tries: number): string =>
  share === 0 ? `none of ${count(tries)}` : percent(share);

function authenticationRows(system: MeasuredSystem): ClaimRow[] {
  const { timing, falseReject, falseAccept, genuine, impostors, people } = system;
  return [
    {
      what: "time of an authentication",
      claimed: "150 ms",
      measured: `${(timing.medianMicroseconds / 1_000).toFixed(4)} ms`,
      note: "the match alone: no network, camera, cryptography or queue",
    },
    {
      what: "authentications a second",
      claimed: "50,000",
      measured: count(timing.matchesPerSecond),
      note: `matches on ${timing.workers} threads; ${count(people)} pictures in memory`,
    },
    {
      what: "right people accepted",
      claimed: "99.968 %",
      measured: percent(1 - falseReject),
      note: `of ${count(genuine)}; fingerprint scores are drawn, irises compared`,
    },
    {
      what: "impostors accepted",
      claimed: "0.001 %",
      measured: rateOf(falseAccept, impostors),
      note: `of ${count(impostors)} tries, at the same threshold`,
    },
  ];
}

function searchRows({ score, people, elapsedMs }: MeasuredSearch): ClaimRow[] {
  const { mated, falseNegative, strangers, falsePositive } = score;
  return [
    {
      what: "enrolled again and found",
      claimed: "not said",
      measured: percent(1 - falseNegative),
      note: `of ${count(mated)}; by the iris alone, ${(elapsedMs / 1_000).toFixed(1)} s`,
    },
    {
      what: "enrolled once and taken for a double",
      claimed: "0.001 %",
      measured: rateOf(falsePositive, strangers),
      note: `among ${count(people)} pictures; the claim does not say of pairs or of people`,
    },
  ];
}
