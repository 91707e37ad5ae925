/** The ready jobs, by the names under which the command line knows them. */
import type { GroupByJob } from "../map-reduce/group-by/group-by";
import type { Job } from "../map-reduce/job";
import { responseTimes } from "./response-times";
import {
  tatkalSurge,
  trafficByClass,
  trafficByHour,
  trafficByRoute,
  trafficByStatus,
  trafficByTrain,
} from "./traffic";
import { wordCount } from "./word-count";

export { responseTimes } from "./response-times";
export * from "./traffic";
export { wordCount } from "./word-count";

const all = [
  wordCount,
  trafficByHour,
  trafficByRoute,
  trafficByTrain,
  trafficByClass,
  trafficByStatus,
  tatkalSurge,
  responseTimes,
];

export const readyJobs: Readonly<Record<string, Job | GroupByJob>> = Object.fromEntries(
  all.map((job) => [job.name, job as unknown as Job | GroupByJob]),
);
