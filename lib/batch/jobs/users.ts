/** What the users of an IRCTC log did. */
import { count, groupBy } from "../map-reduce/group-by/group-by";
import { defineJob } from "../map-reduce/job";

/** The ten users with the most requests, most first. */
export const topUsers = groupBy({
  name: "top-users",
  key: "user",
  aggregates: { requests: count() },
  top: { count: 10, by: "requests" },
});

/** How often each pattern "action status device" occurs, as "book 409 android". */
export const logPatterns = groupBy({
  name: "log-patterns",
  key: ["action", "status", "device"],
  separator: " ",
  aggregates: count(),
});

/** A user who does nothing for longer has left. The usual choice of web analytics: 30 minutes. */
const gapMs = 30 * 60_000;

/**
 * The sessions of each user: requests with no gap of more than 30 minutes between them. How many,
 * and how long the longest is, from its first request to its last.
 */
export const sessions = defineJob({
  name: "sessions",
  input: "csv",
  map(record, emit) {
    emit(record.text("user"), Date.parse(`${record.text("time")}Z`));
  },
  reduce(_user, times: readonly number[]) {
    const sorted = Float64Array.from(times).sort();
    let [sessions, longestMs, startMs] = [0, 0, 0];
    sorted.forEach((timeMs, i) => {
      if (i === 0 || timeMs - (sorted[i - 1] as number) > gapMs) {
        sessions++;
        startMs = timeMs;
      }
      longestMs = Math.max(longestMs, timeMs - startMs);
    });
    return { requests: sorted.length, sessions, longestMs };
  },
  scope: { gapMs },
});
