/**
 * Servers that have become idle wait in a queue, and the next request goes to the first of them;
 * when none is idle, to any by chance.
 *
 * Source: Y. Lu et al., "Join-Idle-Queue", Performance Evaluation 68(11), 2011, with one
 * dispatcher; the servers' messages are the answers that pass through it.
 * Cost: O(1) a pick.
 */
import { Random } from "../../basics";
import type { Policy } from "../policy";
import type { Pool } from "../pool";

/** So many places of the queue that were served already are kept before it is made shorter. */
const longestPast = 1_024;

export class JoinIdleQueue implements Policy {
  private readonly random: Random;
  private idle: number[] = [];
  private at = 0;
  private isQueued = new Uint8Array(0);
  private version = -1;

  /** `seed`: default 1. */
  constructor(
    readonly pool: Pool,
    seed = 1,
  ) {
    this.random = new Random(seed);
  }

  pick(): number {
    const { open, inFlight, version } = this.pool;
    if (open.length === 0) return -1;
    if (this.version !== version) this.restart();
    while (this.at < this.idle.length) {
      const server = this.idle[this.at++];
      this.isQueued[server] = 0;
      if (inFlight[server] === 0) return server;
    }
    this.idle = [];
    this.at = 0;
    return open[this.random.below(open.length)];
  }

  answered(server: number): void {
    if (this.version === this.pool.version) this.note(server);
  }

  /** Of the servers that are open now, those without a request. */
  private restart(): void {
    this.version = this.pool.version;
    this.idle = [];
    this.at = 0;
    this.isQueued = new Uint8Array(this.pool.size).fill(1);
    for (const server of this.pool.open) {
      this.isQueued[server] = 0;
      this.note(server);
    }
  }

  private note(server: number): void {
    if (this.pool.inFlight[server] > 0 || this.isQueued[server] === 1) return;
    this.isQueued[server] = 1;
    this.idle.push(server);
    if (this.at < longestPast) return;
    this.idle = this.idle.slice(this.at);
    this.at = 0;
  }
}
