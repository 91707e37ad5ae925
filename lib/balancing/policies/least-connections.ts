/**
 * The server with the fewest requests in flight for its weight; of equals the next in turn, so that
 * an empty pool is not served by its first server alone.
 * Cost: O(servers) a pick.
 */
import type { Policy } from "../policy";
import type { Pool } from "../pool";

export class LeastConnections implements Policy {
  private start = 0;

  constructor(readonly pool: Pool) {}

  pick(): number {
    const { open, inFlight, weights } = this.pool;
    const count = open.length;
    let best = -1;
    let least = Infinity;
    if (this.start >= count) this.start = 0;
    for (let i = 0, at = this.start; i < count; i++, at = at + 1 === count ? 0 : at + 1) {
      const server = open[at];
      // With the request to come: an idle server of twice the weight is twice as free.
      const load = (inFlight[server] + 1) / weights[server];
      if (load >= least) continue;
      least = load;
      best = server;
    }
    this.start++;
    return best;
  }
}
