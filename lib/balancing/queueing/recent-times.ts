/**
 * What a server expects of the next request: the median of its last few latencies of requests that
 * came when as many were in flight as now, or of the nearest number of which it knows any.
 *
 * Source: B. Wydrowski et al., "Load is not what you should balance", NSDI 2024, section 4.
 */
const kept = 5;

export class RecentTimes {
  /** By the requests in flight when it came. */
  private readonly levels: number[][] = [];

  add(inFlight: number, ms: number): void {
    const times = (this.levels[inFlight] ??= []);
    times.push(ms);
    if (times.length > kept) times.shift();
  }

  /** 0 before the first one. */
  median(inFlight: number): number {
    for (let away = 0; away <= this.levels.length + inFlight; away++) {
      const times = this.levels[inFlight + away] ?? this.levels[inFlight - away];
      if (times !== undefined) return [...times].sort((a, b) => a - b)[times.length >> 1];
    }
    return 0;
  }
}
