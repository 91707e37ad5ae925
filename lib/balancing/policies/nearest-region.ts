/**
 * The nearest region that has room, and in it the server with the fewest requests in flight: a
 * region that is full spills over into the next one.
 * Cost: O(servers) a pick.
 */
import { inRange, withDefaults } from "../../basics";
import type { BalancedRequest, Policy } from "../policy";
import type { Pool } from "../pool";

export interface NearestRegionOptions {
  /** From the request's region to the server's, in any unit; default: 0 at home, 1 elsewhere. */
  readonly distance: (from: string, to: string) => number;
  /** Requests in flight at which a server of weight 1 counts as full; default 10. */
  readonly room: number;
}

const defaults: NearestRegionOptions = {
  distance: (from, to) => (from === to ? 0 : 1),
  room: 10,
};

export class NearestRegion implements Policy {
  private readonly options: NearestRegionOptions;

  constructor(
    readonly pool: Pool,
    options: Partial<NearestRegionOptions> = {},
  ) {
    this.options = withDefaults("NearestRegion", defaults, options);
    inRange("room", this.options.room, { min: 1, max: 1e9 });
  }

  /** Where all are full, the one with the fewest in flight for its weight, wherever it is. */
  pick({ region = "" }: BalancedRequest = {}): number {
    const { open, inFlight, weights } = this.pool;
    let best = -1;
    let [nearest, least] = [Infinity, Infinity];
    for (const server of open) {
      const load = inFlight[server] / weights[server];
      const distance = load < this.options.room ? this.distance(region, server) : Infinity;
      if (distance > nearest || (distance === nearest && load >= least)) continue;
      [nearest, least, best] = [distance, load, server];
    }
    return best;
  }

  private distance(from: string, server: number): number {
    return this.options.distance(from, this.pool.servers[server].region ?? "");
  }
}
