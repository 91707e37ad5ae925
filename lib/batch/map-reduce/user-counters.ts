import type { Count } from "./job";
import type { Counters } from "./tasks";

/** The counters that a job's own code adds to. Source: Dean and Ghemawat 2004, section 4.9. */
export class UserCounters {
  private readonly sums = new Map<string, number>();

  readonly count: Count = (counter, by = 1) => {
    this.sums.set(counter, (this.sums.get(counter) ?? 0) + by);
  };

  get values(): Counters {
    return Object.fromEntries(this.sums);
  }
}
