/**
 * The same server for the same key, so that what it remembers is of use: by Maglev's table, or by
 * the ring with bounded loads, where a key whose server is full goes on to the next with room.
 *
 * Source: D. Eisenbud et al., "Maglev", NSDI 2016; V. Mirrokni, M. Thorup, M. Zadimoghaddam,
 * "Consistent hashing with bounded loads", SODA 2018, as load balancers use it: a load is what is
 * in flight, and a request that has gone on is not moved back.
 * Guarantees: with bounded loads no server has more than ceil(balance x its share of those in
 * flight). Servers that close move only their own keys, with Maglev few others too.
 */
import { inRange } from "../../basics";
import { HashRing, Maglev } from "../../partitioning";
import type { Placement, PlacementNode } from "../../partitioning";
import type { BalancedRequest, Policy } from "../policy";
import type { Pool } from "../pool";

abstract class KeyAffinity implements Policy {
  protected placement: Placement | undefined;
  private version = -1;

  constructor(readonly pool: Pool) {}

  pick({ key = "" }: BalancedRequest = {}): number {
    if (this.pool.open.length === 0) return -1;
    if (this.version !== this.pool.version) this.place();
    return this.pickFor(key, this.placement as Placement);
  }

  protected abstract newPlacement(nodes: readonly PlacementNode[]): Placement;
  protected abstract pickFor(key: string, placement: Placement): number;

  protected server(id: string): number {
    return this.pool.indexOf(id) as number;
  }

  private place(): void {
    const { open, servers, weights, version } = this.pool;
    const nodes = Array.from(open, (at) => ({ id: servers[at].id, weight: weights[at] }));
    this.placement = this.newPlacement(nodes);
    this.version = version;
  }
}

export class MaglevAffinity extends KeyAffinity {
  protected newPlacement(nodes: readonly PlacementNode[]): Placement {
    return new Maglev(nodes);
  }

  protected pickFor(key: string, placement: Placement): number {
    return this.server(placement.owner(key));
  }
}

export class BoundedAffinity extends KeyAffinity {
  private readonly balance: number;
  private totalWeight = 0;

  /** `balance`: the most over the mean, over 1 and at most 100; default 1.25. */
  constructor(pool: Pool, balance = 1.25) {
    super(pool);
    this.balance = inRange("balance", balance, { min: 1 + 1e-9, max: 100 });
  }

  protected newPlacement(nodes: readonly PlacementNode[]): Placement {
    this.totalWeight = nodes.reduce((sum, { weight = 1 }) => sum + weight, 0);
    return new HashRing(nodes);
  }

  protected pickFor(key: string, placement: Placement): number {
    const owner = this.server(placement.owner(key));
    if (this.hasRoom(owner)) return owner;
    // Nearly always one of the next few has room; with a balance over 1 one of all has.
    for (let count = 4; ; count *= 4) {
      const next = placement.owners(key, count).map((id) => this.server(id));
      const free = next.find((server) => this.hasRoom(server));
      if (free !== undefined) return free;
      if (count >= this.pool.open.length) return owner;
    }
  }

  private hasRoom(server: number): boolean {
    const { inFlight, totalInFlight, weights } = this.pool;
    const share = weights[server] / this.totalWeight;
    return inFlight[server] < Math.ceil(this.balance * (totalInFlight + 1) * share);
  }
}
