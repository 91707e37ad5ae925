/** Requests of an IRCTC log, counted: jobs that are told with `groupBy`, and so run on bytes. */
import { count, groupBy, slice } from "../map-reduce/group-by/group-by";
import type { GroupByJob } from "../map-reduce/group-by/group-by";

/** Requests for each value of `column`; rows without one are left out. */
function trafficBy(name: string, column: string): GroupByJob<number> {
  return groupBy({ name, key: column, where: { [column]: { not: "" } }, aggregates: count() });
}

export const trafficByClass = trafficBy("traffic-by-class", "class");
export const trafficByStatus = trafficBy("traffic-by-status", "status");
export const trafficByTrain = trafficBy("traffic-by-train", "train");

/** Requests for each hour of the day, "00" to "23". */
export const trafficByHour = groupBy({
  name: "traffic-by-hour",
  key: slice("time", 11, 13),
  aggregates: count(),
});

/** Requests for each pair of stations, as "MMCT-NDLS". */
export const trafficByRoute = groupBy({
  name: "traffic-by-route",
  key: ["from", "to"],
  separator: "-",
  where: { from: { not: "" } },
  aggregates: count(),
});

/** Tatkal requests (quota TQ) for each minute, as "10:04". */
export const tatkalSurge = groupBy({
  name: "tatkal-surge",
  key: slice("time", 11, 16),
  where: { quota: "TQ" },
  aggregates: count(),
});
