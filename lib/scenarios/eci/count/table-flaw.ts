/**
 * What is known before the count must be whole: a candidate's serial is a place on the ballot, so
 * one that is missing would give every later candidate's votes to another; and a station that is
 * listed twice would count its electors twice.
 */
import type { SeatTables } from "./seat-count";

export interface TableFlaw {
  readonly table: "candidates" | "stations";
  readonly sentence: string;
}

/**
 * Undefined for tables that are whole, and for a seat that does not vote: without stations and
 * uploads, or without stations and candidates. `candidates` in the order of their serials.
 */
export function tableFlaw(tables: SeatTables, hasUploads: boolean): TableFlaw | undefined {
  const { constituency, candidates, stations } = tables;
  if (stations.length === 0 && (!hasUploads || candidates.length === 0)) return undefined;
  if (candidates.length === 0) {
    return { table: "candidates", sentence: `nobody stands in ${constituency}` };
  }
  if (stations.length === 0)
    return { table: "stations", sentence: `no station of ${constituency}` };
  const gap = candidates.findIndex(({ serial }, at) => serial !== at + 1);
  if (gap >= 0) {
    const what = candidates[gap].serial <= gap ? "two candidates" : "no candidate";
    const serial = Math.min(candidates[gap].serial, gap + 1);
    return { table: "candidates", sentence: `${constituency} has ${what} of serial ${serial}` };
  }
  const seen = new Set<number>();
  const twice = stations.find(({ station }) => seen.size === seen.add(station).size)?.station;
  if (twice === undefined) return undefined;
  return { table: "stations", sentence: `station ${twice} of ${constituency} is listed twice` };
}
