/**
 * The load of one IRCTC day: how many requests arrive in each minute, relative to the mean. A
 * daily curve with a morning and an evening hump, and the two Tatkal openings: 10:00 for the
 * air-conditioned classes, 11:00 for the others. The two hours are the railway's rule; the heights
 * and widths are assumptions.
 */
import { DailyCurve, hump } from "../daily-curve";

export const tatkalAcMinute = 600;
export const tatkalNonAcMinute = 660;

const curve = new DailyCurve(
  (minute) =>
    0.12 +
    hump(minute, { at: 9 * 60 + 30, width: 150 }) +
    0.8 * hump(minute, { at: 19 * 60, width: 170 }) +
    opening(minute, { at: tatkalAcMinute, height: 9 }) +
    opening(minute, { at: tatkalNonAcMinute, height: 6 }),
);

/** Requests of each minute as a multiple of the mean: 1,440 numbers with mean 1. */
export const loadByMinute: Float64Array = curve.byMinute;

/** The time of day in ms at which the share `fraction` (0 to 1) of the day's requests has come. */
export function timeAtShare(fraction: number): number {
  return curve.timeAtShare(fraction);
}

/**
 * People log in during the five minutes before the opening; the rush halves every five after it.
 */
function opening(minute: number, { at, height }: { at: number; height: number }): number {
  if (minute < at - 5) return 0;
  if (minute < at) return (height * (minute - at + 6)) / 12;
  return height * Math.pow(0.5, (minute - at) / 5);
}
