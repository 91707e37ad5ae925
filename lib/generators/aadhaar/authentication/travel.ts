/**
 * Impossible journeys: the number of somebody who was just seen at home is used, minutes later, in
 * a state that no aeroplane reaches in the time. Planted over the events that block.ts makes, which
 * stay as they are without.
 */
import { Random } from "../../../basics";
import type { Spec } from "../../data-set";
import { distanceKm, statePlaces } from "../../india/places";
import { formatAadhaar } from "../number";
import {
  authenticationBlockCount,
  authenticationBlockRows,
  makeAuthenticationBlock,
} from "./block";
import type { AuthenticationTruth } from "./block";
import type { AuthenticationColumns } from "./columns";

export interface TravelSpec extends Spec {
  /** Share of events (0 to 0.1) that are made impossible journeys; default 0. */
  readonly travel?: number;
}

/** The second event of an impossible journey. */
export interface TravelTruth {
  readonly row: number;
  readonly fault: "impossible-travel";
  readonly aadhaar: string;
  /** Row of the event at home, before. */
  readonly of: number;
  readonly km: number;
  readonly minutes: number;
}

export interface TravelBlock {
  /** Number of the first row of the block. */
  readonly first: number;
  readonly columns: AuthenticationColumns;
  readonly truth: readonly (AuthenticationTruth | TravelTruth)[];
}

const travelStream = 4_500_000_000;
/** Twice what an airliner flies, so that no journey is nearly possible. */
const leastKmPerHour = 2_000;
const leastKm = 700;
/** The event at home lies so many rows before, at most. */
const rowsBefore = 1_000;

/** Blocks of events in the order of time, with both kinds of truth by row. */
export function* authenticationTravels(spec: TravelSpec): Generator<TravelBlock> {
  for (let block = 0; block < authenticationBlockCount(spec); block++) {
    const { columns, truth } = makeAuthenticationBlock(spec, block);
    const first = block * authenticationBlockRows;
    const busy = new Set(truth.map(({ row }) => row - first));
    const random = new Random(spec.seed, travelStream + block);
    const travels: TravelTruth[] = [];
    for (let row = 1; row < columns.rows; row++) {
      if (!random.chance(spec.travel ?? 0) || busy.has(row)) continue;
      const before = Math.max(0, row - 1 - random.below(rowsBefore));
      const planted = busy.has(before) ? undefined : travel(columns, { row, before, random });
      if (planted === undefined) continue;
      busy.add(row).add(before);
      travels.push({ ...planted, row: first + row, of: first + before });
    }
    const all = [...truth, ...travels].sort((a, b) => a.row - b.row);
    yield { first, columns, truth: all };
  }
}

function travel(
  columns: AuthenticationColumns,
  { row, before, random }: { row: number; before: number; random: Random },
): TravelTruth | undefined {
  const hours = (columns.timeMs[row] - columns.timeMs[before]) / 3_600_000;
  const home = statePlaces[columns.state[before]];
  const kmTo = (state: number): number => distanceKm(home, statePlaces[state]);
  const least = Math.max(leastKm, hours * leastKmPerHour);
  const far = [...statePlaces.keys()].filter((state) => kmTo(state) >= least);
  if (far.length === 0) return undefined;
  columns.aadhaar[row] = columns.aadhaar[before];
  columns.state[row] = random.pick(far);
  return {
    ...{ row, of: before, fault: "impossible-travel" },
    aadhaar: formatAadhaar(columns.aadhaar[row]),
    km: Math.round(kmTo(columns.state[row])),
    minutes: hours * 60,
  };
}
