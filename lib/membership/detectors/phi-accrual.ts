/**
 * The phi-accrual failure detector: not "alive" or "dead" but how unlikely the present silence is,
 * judged by the gaps between earlier heartbeats; each user sets a threshold of its own.
 *
 * Source: N. Hayashibara, X. Defago, R. Yared, T. Katayama, "The phi Accrual Failure Detector",
 * SRDS 2004, section 4: normal gaps; the least deviation and the pause are Akka's additions.
 * Cost: O(1) a heartbeat; memory in the window.
 */
import { inRange, wholeInRange } from "../../basics";

export interface PhiOptions {
  /** Gaps remembered, 2 or more; default 200. */
  readonly windowSize: number;
  /** Very regular heartbeats must not make it nervous: the least deviation. Default 20 ms. */
  readonly minDeviationMs: number;
  /** A silence of so much more than the mean is no reason to worry. Default 0 ms. */
  readonly pauseMs: number;
}

export const defaultPhiOptions: PhiOptions = { windowSize: 200, minDeviationMs: 20, pauseMs: 0 };

/** Plain data: a ring of gaps with their sums. */
export interface ArrivalWindow {
  readonly gapsMs: number[];
  next: number;
  sum: number;
  squares: number;
  /** Undefined before the first heartbeat. */
  lastMs: number | undefined;
}

export function emptyWindow(): ArrivalWindow {
  return { gapsMs: [], next: 0, sum: 0, squares: 0, lastMs: undefined };
}

/** Before there is a gap: what is expected of it, a quarter of it either way (Akka's estimate). */
export function expectedWindow(heartbeatMs: number, lastMs: number): ArrivalWindow {
  const gapsMs = [0.75 * heartbeatMs, 1.25 * heartbeatMs];
  const squares = gapsMs.reduce((sum, gapMs) => sum + gapMs * gapMs, 0);
  return { gapsMs, next: 0, sum: 2 * heartbeatMs, squares, lastMs };
}

/** A heartbeat has arrived. */
export function recordArrival(window: ArrivalWindow, nowMs: number, options: PhiOptions): void {
  const { lastMs } = window;
  window.lastMs = nowMs;
  if (lastMs === undefined) return;
  const gapMs = Math.max(0, nowMs - lastMs);
  const replaced = window.gapsMs[window.next] ?? 0;
  window.gapsMs[window.next] = gapMs;
  window.next = (window.next + 1) % options.windowSize;
  window.sum += gapMs - replaced;
  window.squares += gapMs * gapMs - replaced * replaced;
}

/**
 * -log10 of the chance that a heartbeat comes later than now: at phi 1 a suspicion is wrong one
 * time in 10, at 8 one time in 10^8, if gaps are normal. 0 before there are two heartbeats.
 */
export function phiOf(window: ArrivalWindow, nowMs: number, options: PhiOptions): number {
  const { lastMs, gapsMs, sum, squares } = window;
  if (lastMs === undefined || gapsMs.length === 0) return 0;
  const mean = sum / gapsMs.length;
  const variance = Math.max(0, squares / gapsMs.length - mean * mean);
  const deviation = Math.max(Math.sqrt(variance), options.minDeviationMs);
  return -log10Later((nowMs - lastMs - mean - options.pauseMs) / deviation);
}

/** Throws a RangeError that names the option that is wrong. */
export function phiOptions(given: Partial<PhiOptions>): PhiOptions {
  const options = { ...defaultPhiOptions, ...given };
  wholeInRange("windowSize", options.windowSize, { min: 2, max: 100_000 });
  inRange("minDeviationMs", options.minDeviationMs, { min: 1e-3, max: 86_400_000 });
  inRange("pauseMs", options.pauseMs, { min: 0, max: 86_400_000 });
  return options;
}

/**
 * log10 of the upper tail of the normal distribution: within 3e-7 of the chance below z = 5 (the
 * series of erfcc in Numerical Recipes), then by its asymptotic series, which does not underflow.
 */
function log10Later(z: number): number {
  if (z > 5) {
    const series = 1 - 1 / (z * z) + 3 / z ** 4 - 15 / z ** 6;
    return (-(z * z) / 2 - Math.log(z * Math.sqrt(2 * Math.PI)) + Math.log(series)) / Math.LN10;
  }
  return Math.log10(0.5 * complementaryError(z / Math.SQRT2));
}

const coefficients = [
  -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587,
  -0.82215223, 0.17087277,
];

function complementaryError(x: number): number {
  const t = 1 / (1 + Math.abs(x) / 2);
  const exponent = coefficients.reduceRight((sum, coefficient) => coefficient + t * sum, 0);
  const tail = t * Math.exp(-x * x + exponent);
  return x >= 0 ? tail : 2 - tail;
}
