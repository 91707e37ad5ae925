import { defineJob } from "../map-reduce/job";
import type { Job } from "../map-reduce/job";

/** Requests of an IRCTC log for each value of `column`; rows without one are left out. */
function trafficBy(name: string, column: string): Job<number, number> {
  return defineJob({
    name,
    input: "csv",
    map(record, emit) {
      const value = record.text(column);
      if (value !== "") emit(value, 1);
    },
    combine: (left: number, right: number) => left + right,
    reduce: (_key, counts) => counts.reduce((sum, count) => sum + count, 0),
    scope: { column },
  });
}

export const trafficByClass = trafficBy("traffic-by-class", "class");
export const trafficByStatus = trafficBy("traffic-by-status", "status");
export const trafficByTrain = trafficBy("traffic-by-train", "train");

/** Requests of an IRCTC log for each hour of the day, "00" to "23". */
export const trafficByHour = defineJob({
  name: "traffic-by-hour",
  input: "csv",
  map(record, emit) {
    emit(record.text("time").slice(11, 13), 1);
  },
  combine: (left: number, right: number) => left + right,
  reduce: (_hour, counts) => counts.reduce((sum, count) => sum + count, 0),
});

/** Requests for each pair of stations, as "MMCT-NDLS". */
export const trafficByRoute = defineJob({
  name: "traffic-by-route",
  input: "csv",
  map(record, emit) {
    const from = record.text("from");
    if (from !== "") emit(`${from}-${record.text("to")}`, 1);
  },
  combine: (left: number, right: number) => left + right,
  reduce: (_route, counts) => counts.reduce((sum, count) => sum + count, 0),
});

/** Tatkal requests (quota TQ) for each minute, as "10:04". */
export const tatkalSurge = defineJob({
  name: "tatkal-surge",
  input: "csv",
  map(record, emit) {
    if (record.text("quota") === "TQ") emit(record.text("time").slice(11, 16), 1);
  },
  combine: (left: number, right: number) => left + right,
  reduce: (_minute, counts) => counts.reduce((sum, count) => sum + count, 0),
});
