/** The ready jobs, by the names under which the command line knows them. */
import type { GroupByJob } from "../map-reduce/group-by/group-by";
import type { Job } from "../map-reduce/job";
import { invertedIndex } from "./inverted-index";
import { responseTimes } from "./response-times";
import {
  tatkalSurge,
  trafficByClass,
  trafficByHour,
  trafficByRoute,
  trafficByStatus,
  trafficByTrain,
} from "./traffic";
import { logPatterns, sessions, topUsers } from "./users";
import { wordCount } from "./word-count";

export { invertedIndex, lengthsKey, postings, wordsOf } from "./inverted-index";
export { responseTimes } from "./response-times";
export * from "./traffic";
export * from "./users";
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
  topUsers,
  sessions,
  invertedIndex,
  logPatterns,
];

export const readyJobs: Readonly<Record<string, Job | GroupByJob>> = Object.fromEntries(
  all.map((job) => [job.name, job as unknown as Job | GroupByJob]),
);
