/**
 * Fair shares between tenants in proportion to their weights: the one that has had the least, by
 * its weight, is next. Who had nothing to do comes back in line, and is owed nothing.
 *
 * Source: P. Goyal, H. M. Vin, H. Cheng, "Start-time fair queuing", SIGCOMM 1996, section 2: start
 * tag max(v, finish tag), finish tag plus length by weight; v is the start tag in service.
 * Guarantees: over any time in which two tenants have tasks for the same workers, what they get by
 * weight differs by at most one task of each (theorem 1).
 * Cost: O(1), and a move in the heap for each lane of the tenant.
 */
export interface Shares {
  virtualTime: number;
}

export interface Sharer {
  /** Start tag of the tenant's next task. */
  tag: number;
}

/** It has tasks again after a time without. */
export function comeBack({ virtualTime }: Shares, tenant: Sharer): void {
  tenant.tag = Math.max(tenant.tag, virtualTime);
}

/** One task of it is served. */
export function charge(
  shares: Shares,
  tenant: Sharer,
  { cost, weight }: { cost: number; weight: number },
): void {
  shares.virtualTime = Math.max(shares.virtualTime, tenant.tag);
  tenant.tag += cost / weight;
}
