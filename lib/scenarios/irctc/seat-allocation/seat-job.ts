/**
 * Seats by MapReduce: `map` emits each request under its departure, `reduce` gives out the berths.
 *
 * It has no combiner. A combiner may only do what can be done in any grouping, and who gets a berth
 * cannot: whoever is refused because of a part of the requests might have been served with all of
 * them at hand. Counts of demand can be added in any grouping; so `demandJob` has one.
 */
import type { Job, MapRecord } from "../../../batch";
import type { BookingRequest, RequestQuota } from "../../../generators/irctc";
import * as allocation from "./allocate";
import * as inventories from "./inventory";
import type { Inventory } from "./inventory";
import type { SeatChart, SeatRequest } from "./request";

/** A request between map and reduce. */
export type SeatTuple = readonly [
  ...[id: number, from: number, to: number],
  ...[quota: RequestQuota, bookedMs: number, passengers: number],
];

/**
 * Reads the data set "irctc-requests" (CSV). A row of the answer is a departure with its chart; its
 * key is "12951|2026-01-12|SL". Counter `claimsWithoutRight`: requests that were moved to the
 * general quota. A train, stop or class that is not in the inventory makes a bad record.
 */
export function seatJob(inventory: Inventory): Job<SeatTuple, SeatChart> {
  // Constants of this function, since the names of imports do not travel to workers.
  const { allocateDeparture, byBooking, emptyPool, hasRoom, numberBerths, take } = allocation;
  const { planOf } = inventories;
  const rules = { allocateDeparture, byBooking, emptyPool, hasRoom, numberBerths, take, planOf };
  return {
    name: "seats",
    input: "csv",
    scope: { ...rules, inventory, readRequest, rightfulQuota, journeyOf },
    map(record, emit, count) {
      const request = readRequest(record, inventory);
      if (request[3] !== record.text("quota")) count("claimsWithoutRight");
      emit(`${record.text("train")}|${record.text("date")}|${record.text("class")}`, request);
    },
    reduce(departure, tuples) {
      const requests = tuples.map(([id, from, to, quota, bookedMs, passengers]): SeatRequest => {
        return { id, from, to, quota, bookedMs, passengers };
      });
      return allocateDeparture(requests, planOf(departure, inventory));
    },
  };
}

/** What is asked for on each stretch of a departure, and what it has. */
export interface StretchDemand {
  /** Berths wanted on each stretch between neighbouring stops. */
  readonly wanted: readonly number[];
  readonly berths: number;
}

/** The availability map: the demand for each stretch of each departure, of the same data. */
export function demandJob(inventory: Inventory): Job<readonly number[], StretchDemand> {
  const { planOf } = inventories;
  return {
    name: "demand by stretch",
    input: "csv",
    scope: { inventory, planOf, journeyOf },
    map(record, emit) {
      const train = record.text("train");
      const [from, to] = journeyOf(train, [record.text("from"), record.text("to")], inventory);
      const passengers = record.number("passengers");
      const stretches = (inventory.routes[train] as readonly string[]).length - 1;
      const wanted = Array.from({ length: stretches }, (_, stretch) =>
        stretch >= from && stretch < to ? passengers : 0,
      );
      emit(`${train}|${record.text("date")}|${record.text("class")}`, wanted);
    },
    combine: (left, right) => left.map((wanted, stretch) => wanted + (right[stretch] as number)),
    reduce(departure, parts) {
      const wanted = parts.reduce((left, right) =>
        left.map((sum, i) => sum + (right[i] as number)),
      );
      return { wanted, berths: planOf(departure, inventory).berths };
    },
  };
}

/** The requests of each departure, taken from rows: what the reduce should be given. */
export function seatRequests(
  rows: Iterable<BookingRequest>,
  inventory: Inventory,
): Map<string, SeatRequest[]> {
  const byDeparture = new Map<string, SeatRequest[]>();
  for (const row of rows) {
    const { request: id, train, date, passengers } = row;
    const [from, to] = journeyOf(train, [row.from, row.to], inventory);
    const bookedMs = Date.parse(row.booked.replace(" ", "T") + "Z");
    const quota = rightfulQuota(row.quota, row);
    const departure = `${train}|${date}|${row.class}`;
    const list = byDeparture.get(departure);
    const request = { id, from, to, quota, bookedMs, passengers };
    if (list === undefined) byDeparture.set(departure, [request]);
    else list.push(request);
  }
  return byDeparture;
}

function readRequest(record: MapRecord, inventory: Inventory): SeatTuple {
  const ends = [record.text("from"), record.text("to")] as const;
  const [from, to] = journeyOf(record.text("train"), ends, inventory);
  if (!(record.text("class") in inventory.berths)) throw new Error("the class has no berths");
  const bookedMs = Date.parse(record.text("booked").replace(" ", "T") + "Z");
  if (Number.isNaN(bookedMs)) throw new Error(`${record.text("booked")} is no time`);
  const person = { age: record.number("age"), gender: record.text("gender") };
  const quota = rightfulQuota(record.text("quota"), person);
  const [id, passengers] = [record.number("request"), record.number("passengers")];
  if (!Number.isInteger(passengers) || passengers < 1) throw new Error("nobody travels");
  return [id, from, to, quota, bookedMs, passengers];
}

/** The stops of a journey along the train's route. Throws an Error where it has none. */
function journeyOf(
  train: string,
  [from, to]: readonly [string, string],
  { routes }: Inventory,
): [number, number] {
  const route = routes[train];
  if (route === undefined) throw new Error(`train ${train} is not in the inventory`);
  const [start, end] = [route.indexOf(from), route.indexOf(to)];
  if (start < 0 || end <= start)
    throw new Error(`train ${train} does not go from ${from} to ${to}`);
  return [start, end];
}

/** The claimed quota, or general: ladies are women, seniors 58 (women) or 60 (men) and more. */
export function rightfulQuota(
  claimed: string,
  { age, gender }: { readonly age: number; readonly gender: string },
): RequestQuota {
  if (claimed === "ladies") return gender === "F" ? "ladies" : "general";
  if (claimed === "senior") return age >= (gender === "F" ? 58 : 60) ? "senior" : "general";
  return claimed === "defence" ? "defence" : "general";
}
