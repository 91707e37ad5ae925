/**
 * Which servers of a pool are open, with several who may close one: its health check, outlier
 * ejection, its circuit breaker. It is open when nobody has closed it.
 *
 * Source: Envoy, "Panic threshold": when the share of healthy servers falls under it, checks and
 * ejections are not believed any more and all are open, since so many failures at a time are more
 * likely the checks' or the load's than the servers'. A circuit that is open stays so, and a server
 * that drains or is gone is never opened by panic.
 */
import { inRange, withDefaults } from "../../basics";
import type { Pool } from "../pool";

/** "down": by active checks; "ejected": by its answers; "tripped": its circuit is open. */
export type ClosedBy = "down" | "ejected" | "tripped";

export interface DoorsOptions {
  /** The share of healthy servers, of those that do not drain, below which it is panic; 0.5. */
  readonly panicShare: number;
}

export class Doors {
  isPanic = false;
  private readonly panicShare: number;
  private readonly closed: Set<ClosedBy>[] = [];
  /** What the pool was told last; it does not open one that drains, and remembers it. */
  private readonly shut: boolean[] = [];

  /** `panicShare`: 0 (never) to 1; default 0.5. Throws a RangeError when it is wrong. */
  constructor(
    readonly pool: Pool,
    options: Partial<DoorsOptions> = {},
  ) {
    const { panicShare } = withDefaults("Doors", { panicShare: 0.5 }, options);
    this.panicShare = inRange("panicShare", panicShare, { min: 0, max: 1 });
  }

  close(server: number, by: ClosedBy): void {
    (this.closed[server] ??= new Set()).add(by);
    this.update();
  }

  /** Takes back what one has closed: it is open when nobody else has. */
  reopen(server: number, by: ClosedBy): void {
    if (this.closed[server]?.delete(by) === true) this.update();
  }

  /** Neither down nor ejected. */
  isHealthy(server: number): boolean {
    const by = this.closed[server];
    return by === undefined || !(by.has("down") || by.has("ejected"));
  }

  /** Who has closed it. */
  closedBy(server: number): readonly ClosedBy[] {
    return [...(this.closed[server] ?? [])];
  }

  /**
   * Sets what is open; to be called too when a server was added, drains or is kept after all.
   * Nobody else may call the pool's `setOpen`.
   */
  update(): void {
    const { pool } = this;
    const staying = [...pool.servers.keys()].filter((server) => !pool.isDraining(server));
    const healthy = staying.filter((server) => this.isHealthy(server));
    this.isPanic = healthy.length < this.panicShare * staying.length;
    for (const server of pool.servers.keys()) {
      const isTripped = this.closed[server]?.has("tripped") === true;
      const isShut = isTripped || !(this.isPanic || this.isHealthy(server));
      if ((this.shut[server] ?? false) === isShut) continue;
      this.shut[server] = isShut;
      pool.setOpen(server, !isShut);
    }
  }
}
