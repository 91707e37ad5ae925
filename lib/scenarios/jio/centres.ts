/**
 * Four data centres and the servers in them, by the people who live nearest. Where the centres
 * stand, and that a quarter of the servers is old and half as fast, is assumed: it is not Jio's.
 */
import { wholeInRange } from "../../basics";
import type { FarmServer } from "../../balancing";
import { cityRoundTrips, distanceKm } from "../../hosts";
import type { City } from "../../hosts";
import { cityDemands } from "./demand";

export const centres = ["Mumbai", "Delhi", "Chennai", "Kolkata"] as const;
export type Centre = (typeof centres)[number];

/** Round trips from a gateway to the servers of its own city, in ms. */
const withinCityMs = 0.5;

const roundTrips = new Map<string, ReadonlyMap<string, number>>(
  cityRoundTrips().map((row) => {
    const { city } = row;
    const ways = centres.map((centre): [string, number] => {
      return [centre, city === centre ? withinCityMs : Number(row[centre])];
    });
    return [String(city), new Map(ways)];
  }),
);

/** From a city's gateway to a centre and back: computed from the distance, without any spread. */
export function roundTripMs(city: string, centre: string): number {
  return roundTrips.get(city)?.get(centre) ?? Infinity;
}

export function nearestCentre(city: City): Centre {
  return centres.reduce((best, centre) =>
    distanceKm(city, centre) < distanceKm(city, best) ? centre : best,
  );
}

/**
 * So many servers, named "Mumbai 1" and so on: each centre has its share by people, every fourth
 * server is old. The weight says how fast: 2 for a new one, 1 for an old one. The first of each
 * centre come first, then the second of each: a smaller pool still stands in all of them.
 */
export function buildServers(count: number, slots: number): FarmServer[] {
  wholeInRange("servers", count, { min: centres.length, max: 10_000 });
  const own = shares(count);
  const names = centres.flatMap((centre) =>
    Array.from({ length: own.get(centre) ?? 0 }, (_, at) => ({ centre, round: at + 1 })),
  );
  return names
    .map(({ centre, round }, at) => {
      const isOld = at % 4 === 3;
      const place = { id: `${centre} ${round}`, region: centre, round };
      return { ...place, slots, speed: isOld ? 0.5 : 1, weight: isOld ? 1 : 2 };
    })
    .sort((left, right) => left.round - right.round);
}

/** Each gets the whole part of its share and at least one; the largest remainders get the rest. */
function shares(count: number): Map<Centre, number> {
  const all = cityDemands.reduce((sum, { millions }) => sum + millions, 0);
  const exact = centres.map((centre) => {
    const near = cityDemands.filter(({ city }) => nearestCentre(city) === centre);
    const people = near.reduce((sum, { millions }) => sum + millions, 0);
    return { centre, share: ((count - centres.length) * people) / all };
  });
  const result = new Map(exact.map(({ centre, share }) => [centre, 1 + Math.floor(share)]));
  const given = [...result.values()].reduce((sum, value) => sum + value, 0);
  const byRemainder = [...exact].sort((left, right) => (right.share % 1) - (left.share % 1));
  for (const { centre } of byRemainder.slice(0, count - given)) {
    result.set(centre, (result.get(centre) ?? 0) + 1);
  }
  return result;
}
