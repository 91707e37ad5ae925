/** Where states are: their capitals, to a tenth of a degree, from memory. */
import { assert } from "../../basics";
import { states } from "./states";

export interface Place {
  /** Degrees north and east. */
  readonly latitude: number;
  readonly longitude: number;
}

/** Code, latitude, longitude of the seat of government. */
const capitals = `
JK 34.1 74.8, HP 31.1 77.2, PB 30.7 76.8, CH 30.7 76.8, UK 30.3 78.0, HR 30.7 76.8, DL 28.6 77.2
RJ 26.9 75.8, UP 26.8 80.9, BR 25.6 85.1, SK 27.3 88.6, AR 27.1 93.6, NL 25.7 94.1, MN 24.8 93.9
MZ 23.7 92.7, TR 23.8 91.3, ML 25.6 91.9, AS 26.1 91.8, WB 22.6 88.4, JH 23.3 85.3, OD 20.3 85.8
CG 21.3 81.6, MP 23.3 77.4, GJ 23.2 72.7, DD 20.4 72.8, DN 20.3 73.0, MH 19.0 72.8, AP 16.5 80.5
TS 17.4 78.5, KA 13.0 77.6, GA 15.5 73.8, LD 10.6 72.6, KL 8.5 76.9, TN 13.1 80.3, PY 11.9 79.8
AN 11.7 92.7`;

const byCode = new Map(
  capitals
    .trim()
    .split(/,|\n/)
    .map((entry) => entry.trim().split(" "))
    .map(([code, latitude, longitude]) => [
      code,
      { latitude: Number(latitude), longitude: Number(longitude) },
    ]),
);

/** By index into `states`. */
export const statePlaces: readonly Place[] = states.map(({ code }) => {
  const place = byCode.get(code);
  assert(place !== undefined, "a state has no place", { code });
  return place;
});

const earthRadiusKm = 6_371;
const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** Along the great circle, by the haversine formula (R. Sinnott, 1984). */
export function distanceKm(from: Place, to: Place): number {
  const north = radians(to.latitude - from.latitude);
  const east = radians(to.longitude - from.longitude);
  const shrink = Math.cos(radians(from.latitude)) * Math.cos(radians(to.latitude));
  const half = Math.sin(north / 2) ** 2 + shrink * Math.sin(east / 2) ** 2;
  return 2 * earthRadiusKm * Math.asin(Math.sqrt(half));
}
