/** What a cache server knows. All of it is plain data. */
import type { Host, NodeId } from "../../protocol";
import type { HotKeys } from "./hot-keys";
import type { CacheMessage, CacheRequest, CacheTimer } from "./messages";
import type { CacheServerOptions } from "./options";
import type { Entry, Lease, Tombstone } from "./records";
import type { CacheRules } from "./rules";
import type { ServiceQueue } from "./service-queue";

export type CacheHost = Host<CacheMessage, CacheTimer>;

/** A client's write on its way to the database. */
export interface WriteThrough {
  readonly client: NodeId;
  readonly request: Extract<CacheRequest, { type: "write" }>;
  /** Of the store; 0 while it waits for an earlier write of the key. */
  readonly requestId: number;
  readonly sentMs: number;
}

export interface ServerState {
  readonly id: NodeId;
  readonly options: CacheServerOptions;
  readonly rules: CacheRules;
  /** The least recently used first. */
  readonly entries: Map<string, Entry>;
  readonly leases: Map<string, Lease>;
  readonly tombstones: Map<string, Tombstone>;
  /** Tombstones up to then were forgotten for lack of room. */
  forgottenMs: number;
  readonly hotKeys: HotKeys;
  readonly queue: ServiceQueue<{ from: NodeId; request: CacheRequest }>;
  /** Write-through: the writes of a key, the first one under way. */
  readonly writes: Map<string, WriteThrough[]>;
  /** Write-back: dirty keys, and the store that is under way or 0. */
  readonly dirty: Map<string, number>;
  /** The last write of each client and key; write-back only. */
  readonly orders: Map<string, number>;
  /** Starts until now. */
  life: number;
  tokens: number;
  requestId: number;
}
