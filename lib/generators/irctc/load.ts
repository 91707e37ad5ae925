/**
 * The load of one IRCTC day: how many requests arrive in each minute, relative to the mean. A
 * daily curve with a morning and an evening hump, and the two Tatkal openings: 10:00 for the
 * air-conditioned classes, 11:00 for the others.
 */
export const minutesPerDay = 1440;
export const tatkalAcMinute = 600;
export const tatkalNonAcMinute = 660;

/** Requests of each minute as a multiple of the mean: 1,440 numbers with mean 1. */
export const loadByMinute: Float64Array = relativeLoad();

const cumulative: Float64Array = accumulate(loadByMinute);

/** The time of day in ms at which the share `fraction` (0 to 1) of the day's requests has come. */
export function timeAtShare(fraction: number): number {
  const target = fraction * (cumulative[minutesPerDay] as number);
  let low = 0;
  let high = minutesPerDay - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((cumulative[middle + 1] as number) <= target) low = middle + 1;
    else high = middle;
  }
  const inside = (target - (cumulative[low] as number)) / (loadByMinute[low] as number);
  return Math.min(low + inside, minutesPerDay - 1e-6) * 60_000;
}

function relativeLoad(): Float64Array {
  const load = new Float64Array(minutesPerDay);
  for (let minute = 0; minute < minutesPerDay; minute++) {
    load[minute] =
      0.12 +
      hump(minute, { at: 9 * 60 + 30, width: 150 }) +
      0.8 * hump(minute, { at: 19 * 60, width: 170 }) +
      opening(minute, { at: tatkalAcMinute, height: 9 }) +
      opening(minute, { at: tatkalNonAcMinute, height: 6 });
  }
  const mean = load.reduce((sum, value) => sum + value, 0) / minutesPerDay;
  return load.map((value) => value / mean);
}

function hump(minute: number, { at, width }: { at: number; width: number }): number {
  return Math.exp(-(((minute - at) / width) ** 2) / 2);
}

/** People log in during the five minutes before the opening; the rush halves every five after it. */
function opening(minute: number, { at, height }: { at: number; height: number }): number {
  if (minute < at - 5) return 0;
  if (minute < at) return (height * (minute - at + 6)) / 12;
  return height * Math.pow(0.5, (minute - at) / 5);
}

function accumulate(values: Float64Array): Float64Array {
  const sums = new Float64Array(values.length + 1);
  values.forEach((value, index) => (sums[index + 1] = (sums[index] as number) + value));
  return sums;
}
