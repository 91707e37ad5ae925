/**
 * Latencies between Indian cities, computed and not measured: the great-circle distance times 2.1,
 * at the speed of light in fibre, and half a millisecond each way for the machines on the way.
 *
 * Source: the rule of thumb that I. N. Bozkurt et al. report from measurements, "Dissecting Latency
 * in the Internet's Fiber Infrastructure", arXiv:1811.10737, 2018: line of sight times 2.1 over the
 * speed in fibre, here 204 km/ms for a refractive index of 1.468. Theirs is the United States;
 * Indian routes may be longer, most of all to the north-east. The overhead and the spread
 * (log-normal, sigma 0.1) are ours.
 */
import { inRange } from "../../basics";
import type { NodeId } from "../../protocol";
import type { Latency } from "./latency";
import { lan } from "./latency";
import type { LinkOptions, LinkRule } from "./link-options";

/** Degrees north and east of the centre, to a hundredth: a kilometre. */
const places = {
  Ahmedabad: [23.02, 72.57],
  Bengaluru: [12.97, 77.59],
  Bhopal: [23.26, 77.41],
  Bhubaneswar: [20.3, 85.82],
  Chandigarh: [30.73, 76.78],
  Chennai: [13.08, 80.27],
  Delhi: [28.61, 77.21],
  Guwahati: [26.14, 91.74],
  Hyderabad: [17.39, 78.49],
  Jaipur: [26.91, 75.79],
  Kochi: [9.93, 76.27],
  Kolkata: [22.57, 88.36],
  Lucknow: [26.85, 80.95],
  Mumbai: [19.08, 72.88],
  Nagpur: [21.15, 79.09],
  Patna: [25.59, 85.14],
  Pune: [18.52, 73.86],
  Srinagar: [34.08, 74.8],
} as const;

export type City = keyof typeof places;

/** Every city that has a place, in the order of the alphabet. */
export const cities = Object.keys(places) as readonly City[];

const earthRadiusKm = 6_371;
const fibreKmPerMs = 299_792.458 / 1.468 / 1_000;
const routeFactor = 2.1;
const overheadMs = 0.5;
const spread = 0.1;

/** Along the surface of the earth, taken as a ball; in km. */
export function distanceKm(from: City, to: City): number {
  const [[fromNorth, fromEast], [toNorth, toEast]] = [placeOf(from), placeOf(to)];
  const sine = (degrees: number): number => Math.sin((degrees * Math.PI) / 360) ** 2;
  const cosine = (degrees: number): number => Math.cos((degrees * Math.PI) / 180);
  const across = cosine(fromNorth) * cosine(toNorth) * sine(toEast - fromEast);
  return 2 * earthRadiusKm * Math.asin(Math.sqrt(sine(toNorth - fromNorth) + across));
}

/** One way; `lan` within a city. Throws a RangeError for a city that has no place here. */
export function betweenCities(from: City, to: City): Latency {
  const km = distanceKm(from, to);
  if (from === to) return lan;
  const ms = overheadMs + (km * routeFactor) / fibreKmPerMs;
  return { kind: "logNormal", medianMs: Math.round(ms * 100) / 100, sigma: spread };
}

/**
 * The links between nodes in cities, for `NetworkOptions.links`; `others` holds for all of them:
 * `cityLinks({ n1: "Mumbai", n2: "Delhi" }, { lossRate: 0.001 })`. Nodes that are not named here
 * keep the network's own latency.
 */
export function cityLinks(
  homes: Readonly<Record<NodeId, City>>,
  others: Partial<Omit<LinkOptions, "latency">> = {},
): LinkRule[] {
  const nodes = Object.entries(homes);
  return nodes.flatMap(([from, home]) =>
    nodes
      .filter(([to]) => to !== from)
      .map(([to, away]) => {
        return { ...others, from: [from], to: [to], latency: betweenCities(home, away) };
      }),
  );
}

/** Median round trips in ms, to show: a row for each city, one column for each. */
export function cityRoundTrips(names: readonly City[] = cities): Record<string, string | number>[] {
  inRange("number of cities", names.length, { min: 1, max: cities.length });
  return names.map((from) => {
    const row = names.map((to) => [
      to,
      Math.round(2 * medianMs(betweenCities(from, to)) * 10) / 10,
    ]);
    return { city: from, ...(Object.fromEntries(row) as Record<string, number>) };
  });
}

function medianMs(latency: Latency): number {
  return latency.kind === "logNormal" ? latency.medianMs : 0;
}

function placeOf(city: City): readonly [number, number] {
  if (Object.hasOwn(places, city)) return places[city];
  throw new RangeError(`there is no city "${city}"; there are ${cities.join(", ")}`);
}
