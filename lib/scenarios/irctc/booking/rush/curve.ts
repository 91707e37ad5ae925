/** The Tatkal rush by the second, on the data generator's curve of a day. */
import { inRange, wholeInRange } from "../../../../basics";
import { loadByMinute } from "../../../../generators/irctc";

const tenOClock = 600;

export interface RushSeconds {
  readonly seconds: number;
  /** The hour is played so many times as fast, by as many requests; divides 60. Default 1. */
  readonly speed?: number;
}

/**
 * Requests of each second from 10:00 on, such that the whole hour has `perHour` (the notes claim
 * 720,000). Throws a RangeError for more than an hour.
 */
export function rushBySecond(perHour: number, { seconds, speed = 1 }: RushSeconds): number[] {
  inRange("perHour", perHour, { min: 0, max: 1e9 });
  wholeInRange("speed", speed, { min: 1, max: 60 });
  if (60 % speed !== 0) throw new RangeError(`speed must divide 60, but was ${speed}`);
  wholeInRange("seconds", seconds, { min: 1, max: 3_600 / speed });
  const minutes = [...loadByMinute.slice(tenOClock, tenOClock + 60)];
  const all = minutes.reduce((sum, load) => sum + load, 0);
  return Array.from({ length: seconds }, (_, second) => {
    const minute = Math.floor((second * speed) / 60);
    return (speed * perHour * (minutes[minute] as number)) / all / 60;
  });
}
