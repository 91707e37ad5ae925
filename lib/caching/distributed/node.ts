/**
 * A node of a whole cache system, for hosts whose servers are all of one class: by its name it is
 * the database, or else a cache server.
 *
 * Source: none; it is a seam, not an algorithm.
 * Assumes: what `CacheServer` and `CacheDatabase` assume.
 * Guarantees: what the one that it is guarantees.
 * Cost: none.
 */
import { withDefaults } from "../../basics";
import type { Event, Node, NodeId } from "../../protocol";
import { CacheDatabase } from "./database";
import type { DatabaseOptions } from "./database";
import type { CacheMessage, CacheTimer } from "./messages";
import type { CacheServerOptions } from "./options";
import { CacheServer } from "./server";
import type { CacheHost } from "./state";

export interface CacheNodeOptions {
  readonly cache: Partial<CacheServerOptions>;
  readonly database: Partial<DatabaseOptions>;
}

export class CacheNode implements Node<CacheMessage, CacheTimer> {
  readonly inner: CacheServer | CacheDatabase;

  /** Throws a RangeError for an option that is wrong. */
  constructor(
    readonly id: NodeId,
    peers: readonly NodeId[],
    options: Partial<CacheNodeOptions> = {},
  ) {
    const { cache, database } = withDefaults("a cache node", { cache: {}, database: {} }, options);
    const isDatabase = id === (cache.database ?? "db");
    this.inner = isDatabase
      ? new CacheDatabase(id, peers, database)
      : new CacheServer(id, peers, cache);
  }

  handle(event: Event<CacheMessage, CacheTimer>, host: CacheHost): void {
    this.inner.handle(event, host);
  }
}
