/** What a server keeps of a key. */
import type { Row } from "./messages";

export interface Entry {
  readonly row: Row;
  /** By the server's clock. */
  readonly endsAtMs: number;
  /** How long it took to load. */
  readonly tookMs: number;
  /** Write-back: the database does not have it yet. */
  readonly isDirty: boolean;
}

export interface Lease {
  readonly token: number;
  readonly grantedMs: number;
  /** Used, or taken away; only remembered for `leaseEveryMs`. */
  readonly isOver: boolean;
}

/** A delete that is remembered, so that no older row comes back. */
export interface Tombstone {
  readonly version: number;
  readonly atMs: number;
}
