/** The Tatkal rush by the second, on the data generator's curve of a day. */
import { inRange, wholeInRange } from "../../../../basics";
import { loadByMinute } from "../../../../generators/irctc";

const tenOClock = 600;

/**
 * Requests of each second from 10:00 on, such that the whole hour has `perHour` (the notes claim
 * 720,000). Throws a RangeError for more than an hour.
 */
export function rushBySecond(perHour: number, { seconds }: { readonly seconds: number }): number[] {
  inRange("perHour", perHour, { min: 0, max: 1e9 });
  wholeInRange("seconds", seconds, { min: 1, max: 3_600 });
  const minutes = [...loadByMinute.slice(tenOClock, tenOClock + 60)];
  const all = minutes.reduce((sum, load) => sum + load, 0);
  return Array.from({ length: seconds }, (_, second) => {
    return (perHour * (minutes[Math.floor(second / 60)] as number)) / all / 60;
  });
}
