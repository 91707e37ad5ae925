/**
 * Who is online where and when: an invented curve of the day over real populations.
 *
 * Source: people in urban agglomerations from the Census of India 2011, provisional totals, in
 * millions to a tenth. The curve and the shares of offices are ours and measured nowhere: few at
 * night, a hump at noon where there are offices, the peak at 21:00 by the sun. India has one clock,
 * so by it the east peaks an hour before the west: longitude over 15 degrees, from 82.5 east.
 */
import type { City } from "../../hosts";

export interface CityDemand {
  readonly city: City;
  /** People, in millions. */
  readonly millions: number;
  /** The hour of its evening peak by the clock. */
  readonly eveningHour: number;
  /** How high the hump of its offices is, 0 to 1. */
  readonly offices: number;
}

const rows: readonly [City, number, number, number][] = [
  ["Mumbai", 18.4, 21.6, 0.8],
  ["Delhi", 16.3, 21.4, 0.7],
  ["Kolkata", 14.1, 20.6, 0.4],
  ["Chennai", 8.7, 21.1, 0.7],
  ["Bengaluru", 8.5, 21.3, 0.9],
  ["Hyderabad", 7.7, 21.3, 0.8],
  ["Ahmedabad", 6.4, 21.7, 0.5],
  ["Pune", 5, 21.6, 0.7],
  ["Jaipur", 3.1, 21.4, 0.3],
  ["Lucknow", 2.9, 21.1, 0.3],
  ["Nagpur", 2.5, 21.2, 0.3],
  ["Kochi", 2.1, 21.4, 0.4],
  ["Patna", 2, 20.8, 0.3],
  ["Bhopal", 1.9, 21.3, 0.3],
  ["Srinagar", 1.3, 21.5, 0.2],
  ["Chandigarh", 1, 21.4, 0.4],
  ["Guwahati", 1, 20.4, 0.3],
  ["Bhubaneswar", 0.9, 20.8, 0.3],
];

export const cityDemands: readonly CityDemand[] = rows.map(
  ([city, millions, eveningHour, offices]) => ({ city, millions, eveningHour, offices }),
);

/** How much a city asks for at an hour of the day, in any unit that is the same for all. */
export function demandAt({ millions, eveningHour, offices }: CityDemand, hour: number): number {
  const evening = 0.8 * hump(hour, eveningHour, 2.2);
  const work = 0.6 * offices * hump(hour, 12, 2.5);
  return millions * (0.12 + evening + work + 0.25 * hump(hour, 8.5, 1.5));
}

/** All cities together. */
function totalDemandAt(hour: number): number {
  return cityDemands.reduce((sum, city) => sum + demandAt(city, hour), 0);
}

const minutesADay = 1_440;
const byMinute = Float64Array.from({ length: minutesADay }, (_, at) => totalDemandAt(at / 60));
const peakDemand = Math.max(...byMinute);

/** The demand of all cities as a part of the highest of the day, to a minute. */
export function loadAt(hour: number): number {
  return (byMinute[Math.floor(hour * 60) % minutesADay] as number) / peakDemand;
}

/** A bell of height 1 around `centre`, on the clock of 24 hours. */
function hump(hour: number, centre: number, width: number): number {
  const apart = Math.abs(hour - centre) % 24;
  return Math.exp(-0.5 * (Math.min(apart, 24 - apart) / width) ** 2);
}
