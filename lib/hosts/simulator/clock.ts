/** The clock of a machine: it may be ahead, run at a rate of its own, and be set anew. */
import { inRange } from "../../basics";

export interface ClockOptions {
  /** How far the clock is ahead at the start; below 0 it is behind. At most a year; default 0. */
  readonly skewMs: number;
  /**
   * Parts per million by which it runs fast; below 0 slow. Default 0. A quartz is off by up to
   * 100; more shows what an assumption on drift is worth. At most 500,000 either way.
   */
  readonly driftPpm: number;
}

const yearMs = 366 * 86_400_000;

/** Delays are whole microseconds, so that no rounding of a long sum tells two runs apart. */
export function wholeMicroseconds(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}

export class Clock {
  private localMs: number;
  /** Local milliseconds in a true one. */
  private pace = 1;

  /** Right until it is told otherwise. */
  constructor(private trueMs: number) {
    this.localMs = trueMs;
  }

  get rate(): number {
    return this.pace;
  }

  read(trueMs: number): number {
    return wholeMicroseconds(this.localMs + (trueMs - this.trueMs) * this.pace);
  }

  /** The clock is set: forward, or back for less than 0. Timers do not notice, but for `nowMs`. */
  jump(byMs: number): void {
    this.localMs += byMs;
  }

  /** From now on it runs fast by so many parts per million. */
  drift(ppm: number, nowMs: number): void {
    this.localMs = this.read(nowMs);
    this.trueMs = nowMs;
    this.pace = 1 + ppm / 1e6;
  }
}

export function checkJump(name: string, byMs: number): void {
  inRange(name, byMs, { min: -yearMs, max: yearMs });
}

export function checkDrift(name: string, ppm: number): void {
  inRange(name, ppm, { min: -500_000, max: 500_000 });
}
