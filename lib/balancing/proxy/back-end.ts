/** One back end: its connections, kept alive and bounded, and the requests that wait for one. */
import { BackEndConnection } from "./back-end-connection";
import type { ProxyOptions } from "./options";
import type { BackEndPlace } from "./options";

/** Who waits for a connection. */
export interface Taker {
  connected(connection: BackEndConnection): void;
}

export class BackEnd {
  readonly id: string;
  /** As "127.0.0.1:80". */
  readonly host: string;
  /** Every connection that is open. */
  private readonly all = new Set<BackEndConnection>();
  /** Those without a request; the last one to become free is the first to be used. */
  private readonly free: BackEndConnection[] = [];
  private readonly takers: Taker[] = [];
  private isClosed = false;

  constructor(
    readonly place: Required<BackEndPlace>,
    private readonly options: ProxyOptions,
    /** Of the proxy's coarse clock. */
    private readonly nowMs: () => number,
  ) {
    this.id = place.id;
    this.host = `${place.host}:${place.port}`;
  }

  get connections(): { open: number; free: number; waiting: number } {
    return { open: this.all.size, free: this.free.length, waiting: this.takers.length };
  }

  /** Gives a connection, now or when one is free; false where too many wait already. */
  take(taker: Taker): boolean {
    for (let free = this.free.pop(); free !== undefined; free = this.free.pop()) {
      if (free.isEnded) continue;
      taker.connected(free);
      return true;
    }
    if (this.all.size < this.options.connections) {
      taker.connected(this.open());
      return true;
    }
    if (this.takers.length >= this.options.waiting) return false;
    this.takers.push(taker);
    return true;
  }

  /** Who waited has gone. */
  leave(taker: Taker): void {
    const at = this.takers.indexOf(taker);
    if (at >= 0) this.takers.splice(at, 1);
  }

  /** Closes what nobody has used for long. */
  sweep(nowMs: number): void {
    const { backEndIdleMs } = this.options;
    // A second less than the back end has said: its clock began earlier than ours.
    const isOld = ({ freeSinceMs, keptAliveMs }: BackEndConnection): boolean =>
      nowMs - freeSinceMs > Math.min(backEndIdleMs, Math.max(1, keptAliveMs - 1_000));
    // The oldest are in front.
    while (this.free.length > 0 && isOld(this.free[0])) this.free.shift()?.destroy();
  }

  /** No connection is kept from now on; those in use end after their response. */
  close(): void {
    this.isClosed = true;
    for (const connection of this.free.splice(0)) connection.destroy();
  }

  /** As before `close`. */
  reopen(): void {
    this.isClosed = false;
  }

  private open(): BackEndConnection {
    const { host, port } = this.place;
    const connection = new BackEndConnection({
      ...{ host, port, headBytes: this.options.headBytes },
      onFree: (free) => this.release(free),
      onEnd: (ended) => this.remove(ended),
    });
    this.all.add(connection);
    return connection;
  }

  private release(connection: BackEndConnection): void {
    const taker = this.takers.shift();
    if (taker !== undefined) return taker.connected(connection);
    if (this.isClosed) return connection.destroy();
    connection.freeSinceMs = this.nowMs();
    this.free.push(connection);
  }

  private remove(connection: BackEndConnection): void {
    this.all.delete(connection);
    const at = this.free.indexOf(connection);
    if (at >= 0) this.free.splice(at, 1);
    const taker = this.takers.shift();
    if (taker !== undefined) taker.connected(this.open());
  }
}
