/** Uploads as they reach the returning officers: late, out of order, some of them again. */
import { inRange, Random } from "../../../basics";
import { makeBallots, constituencies } from "../../../generators/votes";
import type { Candidate, VotesRow } from "../../../generators/votes";

export interface ArrivalOptions {
  /** Default 1. */
  readonly seed?: number;
  /** Share of uploads that are sent again because the answer was lost, 0 to 1. Default 0.02. */
  readonly resendRate?: number;
}

/** A sender that hears no answer waits for so long on average: exponential. */
const resendMeanMs = 10 * 60_000;
const dayEndMs = 24 * 3_600_000 - 1;

/** In the order of `received`. All rows are held: about 500 bytes each. */
export function arrivals(
  rows: Iterable<VotesRow>,
  { seed = 1, resendRate = 0.02 }: ArrivalOptions = {},
): VotesRow[] {
  inRange("resendRate", resendRate, { min: 0, max: 1 });
  const random = new Random(seed);
  const all: VotesRow[] = [];
  for (const row of rows) {
    all.push(row);
    if (!random.chance(resendRate)) continue;
    all.push({ ...row, received: later(row.received, random.exponential(resendMeanMs)) });
  }
  return all.sort((a, b) => (a.received < b.received ? -1 : a.received > b.received ? 1 : 0));
}

/** The same day still: nothing arrives after midnight. */
function later(received: string, byMs: number): string {
  const midnight = Date.parse(`${received.slice(0, 10)}T00:00:00.000Z`);
  const ms = Math.min(Date.parse(`${received}Z`) - midnight + Math.round(byMs), dayEndMs);
  return new Date(midnight + ms).toISOString().slice(0, -1);
}

/** Who stand where in the election of that seed. */
export function candidatesBySeat(seed: number): Map<string, readonly Candidate[]> {
  return new Map(
    makeBallots(seed).map(({ constituency, candidates }) => [
      constituencies[constituency].code,
      candidates,
    ]),
  );
}
