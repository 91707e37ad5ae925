/** The clock's and chance's part of a host that is no simulation. */
import { randomInt } from "crypto";

/** Node.js rings at once what is set for longer. */
const longestTimerMs = 2 ** 31 - 1;

/** A node's timers by what they carry: setting one that is set replaces it. */
export class RealTimers {
  private readonly timers = new Map<string, NodeJS.Timeout>();

  set(timer: unknown, afterMs: number, ring: () => void): void {
    const key = JSON.stringify(timer);
    clearTimeout(this.timers.get(key));
    const onTime = (): void => {
      this.timers.delete(key);
      ring();
    };
    this.timers.set(key, setTimeout(onTime, Math.min(afterMs, longestTimerMs)));
  }

  cancel(timer: unknown): void {
    const key = JSON.stringify(timer);
    clearTimeout(this.timers.get(key));
    this.timers.delete(key);
  }

  stop(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
  }
}

/** 48 random bits: two processes that start at once must not draw the same. */
export function chance(): number {
  return randomInt(2 ** 48 - 1) / 2 ** 48;
}
