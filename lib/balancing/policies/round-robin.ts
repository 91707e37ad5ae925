/** Each open server in its turn, whatever it has to do and whatever its weight. */
import type { Policy } from "../policy";
import type { Pool } from "../pool";

export class RoundRobin implements Policy {
  private next = 0;

  constructor(readonly pool: Pool) {}

  pick(): number {
    const { open } = this.pool;
    if (open.length === 0) return -1;
    if (this.next >= open.length) this.next = 0;
    return open[this.next++];
  }
}
