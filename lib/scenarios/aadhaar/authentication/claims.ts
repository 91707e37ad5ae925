/** What the episode says of Aadhaar, beside what is measured here. */
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
  readonly workers: number;
  /** At the chosen threshold, 0 to 1. */
  readonly falseReject: number;
  readonly falseAccept: number;
  /** Impostors behind the last figure: fewer than a million cannot show one in a million. */
  readonly impostors: number;
  /** People in the gallery. */
  readonly people: number;
}

export function compareWithClaims(system: MeasuredSystem): ClaimRow[] {
  const { timing, workers, falseReject, falseAccept, impostors, people } = system;
  const percent = (share: number): string => `${(100 * share).toFixed(4)} %`;
  const least = falseAccept === 0 ? `none of ${impostors.toLocaleString("en")}` : undefined;
  const gallery = `${people.toLocaleString("en")} people`;
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
      measured: Math.round(timing.matchesPerSecond).toLocaleString("en"),
      note: `matches on one thread of ${workers}; ${gallery} in memory`,
    },
    {
      what: "right people accepted",
      claimed: "99.968 %",
      measured: percent(1 - falseReject),
      note: "fingerprint scores are drawn, irises compared",
    },
    {
      what: "impostors accepted",
      claimed: "0.001 %",
      measured: least ?? percent(falseAccept),
      note: `of ${impostors.toLocaleString("en")} tries, at the same threshold`,
    },
  ];
}
