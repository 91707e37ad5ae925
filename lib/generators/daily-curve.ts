/**
 * A day's load by the minute, and the moment at which a given share of the day's events has come.
 */
export const minutesPerDay = 1440;

export class DailyCurve {
  /** Events of each minute as a multiple of the mean: 1,440 numbers with mean 1. */
  readonly byMinute: Float64Array;
  private readonly cumulative: Float64Array;

  /** `loadAt`: the relative load at a minute of the day, above 0; any scale. */
  constructor(loadAt: (minute: number) => number) {
    const load = Float64Array.from({ length: minutesPerDay }, (_, minute) => loadAt(minute));
    const mean = load.reduce((sum, value) => sum + value, 0) / minutesPerDay;
    this.byMinute = load.map((value) => value / mean);
    this.cumulative = accumulate(this.byMinute);
  }

  /** The time of day in ms at which the share `fraction` (0 to 1) of the day's events has come. */
  timeAtShare(fraction: number): number {
    const target = fraction * this.cumulative[minutesPerDay];
    let low = 0;
    let high = minutesPerDay - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.cumulative[middle + 1] <= target) low = middle + 1;
      else high = middle;
    }
    const inside = (target - this.cumulative[low]) / this.byMinute[low];
    return Math.min(low + inside, minutesPerDay - 1e-6) * 60_000;
  }
}

/** A bell around the minute `at`, with the standard deviation `width` in minutes; height 1. */
export function hump(minute: number, { at, width }: { at: number; width: number }): number {
  return Math.exp(-(((minute - at) / width) ** 2) / 2);
}

function accumulate(values: Float64Array): Float64Array {
  const sums = new Float64Array(values.length + 1);
  values.forEach((value, index) => (sums[index + 1] = sums[index] + value));
  return sums;
}
