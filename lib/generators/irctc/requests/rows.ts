/**
 * Booking requests of one day, in the order in which they came: who wants to travel where, on which
 * train, date and class, and under which quota. Each from the seed and its number alone.
 */
import { Random } from "../../../basics";
import { AliasTable, zipfWeights } from "../../alias-table";
import type { Spec } from "../../data-set";
import { stations } from "../stations";
import { trains } from "../trains";
import type { Train } from "../trains";

/** The quota that is asked for. */
export const requestQuotas = ["general", "ladies", "senior", "defence"] as const;
export type RequestQuota = (typeof requestQuotas)[number];

export interface BookingRequest {
  /** Its number, from 1. */
  readonly request: number;
  /** "2026-01-05 08:00:00.123", Indian Standard Time; never earlier than the request before it. */
  readonly booked: string;
  readonly train: string;
  /** The day of travel at the train's first station: "2026-01-12". */
  readonly date: string;
  readonly class: string;
  /** Station codes. */
  readonly from: string;
  readonly to: string;
  readonly quota: RequestQuota;
  /** Of the first passenger, in years. */
  readonly age: number;
  /** Of the first passenger. */
  readonly gender: "F" | "M";
  /** 1 to 6, who travel together or not at all. */
  readonly passengers: number;
}

export const requestHeader = [
  ...["request", "booked", "train", "date", "class", "from", "to"],
  ...["quota", "age", "gender", "passengers"],
] as const;

/** A request under a quota that its first passenger has no right to. */
export interface RequestTruth {
  /** Number of the row in the data, from 0. */
  readonly row: number;
  readonly fault: "false-claim";
  readonly request: number;
}

/** Days of travel that requests are spread over: one for so many rows, at most 60 (a rule). */
const rowsPerDate = 50_000;
const mostDates = 60;
const openingMs = Date.UTC(2026, 0, 5, 8);
const dayMs = 86_400_000;
const openMs = 15 * 3_600_000;
const seniorAge = { F: 58, M: 60 } as const;
const faultStream = 1_000_000_000;

const trainTable = new AliasTable(zipfWeights(trains.length, 0.6));
const classNames = ["SL", "3A", "2A", "1A"] as const;
const classTable = new AliasTable([55, 28, 13, 4]);
const quotaTable = new AliasTable([78, 8, 11, 3]);
const groupTable = new AliasTable([45, 30, 12, 8, 3, 2]);

export function requestAt(
  spec: Spec,
  row: number,
  random: Random,
): { row: BookingRequest; truth: RequestTruth[] } {
  random.restart(spec.seed, row);
  const train = trains[trainTable.draw(random)] as Train;
  const [from, to] = drawJourney(train.stops.length, random);
  const quota = requestQuotas[quotaTable.draw(random)] as RequestQuota;
  const group = 1 + groupTable.draw(random);
  const passengers = quota === "ladies" || quota === "senior" ? Math.min(2, group) : group;
  const person = { ...drawPerson(quota, random), passengers };
  const dates = Math.min(mostDates, Math.ceil(spec.rows / rowsPerDate));
  const made: BookingRequest = {
    request: row + 1,
    booked: stamp(openingMs + bookedAfterMs(row, spec.rows, random)).slice(0, 23),
    train: train.number,
    date: stamp(openingMs + (7 + random.below(dates)) * dayMs).slice(0, 10),
    class: classNames[classTable.draw(random)] as string,
    from: stations[train.stops[from] as number] as string,
    to: stations[train.stops[to] as number] as string,
    quota,
    ...person,
  };
  return plant(spec, made, random);
}

/** Half of all travel the whole way or nearly, since long trains are taken for long ways. */
function drawJourney(stops: number, random: Random): [from: number, to: number] {
  const ends = [random.below(stops), random.below(stops - 1)];
  if (ends[1] >= ends[0]) ends[1]++;
  const other = [random.below(stops), random.below(stops)];
  const isLong = Math.abs(other[0] - other[1]) > Math.abs(ends[0] - ends[1]);
  const [a, b] = isLong ? other : ends;
  return [Math.min(a, b), Math.max(a, b)];
}

/** The opening is a rush: a half of the day's requests come in its first eighth. */
function bookedAfterMs(row: number, rows: number, random: Random): number {
  return Math.floor(openMs * ((row + random.next()) / rows) ** 3);
}

function drawPerson(
  quota: RequestQuota,
  random: Random,
): { readonly age: number; readonly gender: "F" | "M" } {
  const gender = quota === "ladies" || random.chance(0.42) ? "F" : "M";
  const age = quota === "senior" ? seniorAge[gender] + random.below(25) : 5 + random.below(75);
  return { age, gender };
}

function plant(
  { seed, faults = 0 }: Spec,
  row: BookingRequest,
  random: Random,
): { row: BookingRequest; truth: RequestTruth[] } {
  random.restart(seed, faultStream + row.request);
  if (!random.chance(faults) || row.quota === "defence") return { row, truth: [] };
  const truth = { row: row.request - 1, fault: "false-claim", request: row.request } as const;
  if (random.chance(0.5)) return { row: { ...row, quota: "ladies", gender: "M" }, truth: [truth] };
  return { row: { ...row, quota: "senior", age: 18 + random.below(40) }, truth: [truth] };
}

function stamp(ms: number): string {
  return new Date(ms).toISOString().replace("T", " ");
}
