/** What clients, cache servers and the database say to each other, all plain JSON. */

/** A key's row in the database. */
export interface Row {
  /** JSON; null: there is no such row. */
  readonly value: unknown;
  /** Counts the writes of the key: of two rows the higher one is the later. */
  readonly version: number;
}

/** A write in the database's log, without its value. */
export interface LogRow {
  readonly key: string;
  readonly version: number;
}

export interface LogEntry extends LogRow {
  /** From 1, without gaps. */
  readonly position: number;
}

/** What a server gives to who may fill a key, and wants to see again. */
export interface Permit {
  /** The server's life: it counts its starts. */
  readonly life: number;
  /** When it was given, by the server's clock. */
  readonly atMs: number;
  /** The lease, from 1; 0 where refills go without leases. */
  readonly token: number;
}

export type CacheRequest =
  | { readonly type: "get"; readonly requestId: number; readonly key: string }
  /** Fills a key; `tookMs`: how long it took to load. */
  | {
      readonly type: "set";
      readonly requestId: number;
      readonly key: string;
      readonly row: Row;
      readonly permit: Permit;
      readonly tookMs: number;
    }
  /** The load has failed: somebody else may have the lease. Not answered. */
  | { readonly type: "release"; readonly key: string; readonly permit: Permit }
  /** The row has this version now: what is older must go. */
  | {
      readonly type: "delete";
      readonly requestId: number;
      readonly key: string;
      readonly version: number;
    }
  /** Many of them, from the database's log. */
  | { readonly type: "deletes"; readonly requestId: number; readonly rows: readonly LogRow[] }
  /** To a server that writes for its clients: write-through and write-back. */
  | {
      readonly type: "write";
      readonly requestId: number;
      readonly key: string;
      readonly value: unknown;
    };

/**
 * "hit": fresh; "stale": ended, but not for long; "miss": ask the database; "wait": somebody else
 * is asking it. With a permit the client may fill the key.
 */
export type Found = "hit" | "stale" | "miss" | "wait";

export type CacheAnswer =
  | {
      readonly type: "got";
      readonly requestId: number;
      readonly key: string;
      readonly found: Found;
      readonly row: Row | null;
      readonly permit: Permit | null;
      /** The key is asked for so often that others should answer for it too. */
      readonly isHot: boolean;
    }
  | { readonly type: "wasSet"; readonly requestId: number; readonly isKept: boolean }
  | { readonly type: "deleted" | "allDeleted"; readonly requestId: number }
  | { readonly type: "written"; readonly requestId: number; readonly version: number }
  /** Definite: not done, too much to do. */
  | { readonly type: "busy"; readonly requestId: number };

export type DatabaseRequest =
  | { readonly type: "load"; readonly requestId: number; readonly key: string }
  /** `writer` and `order`: a write that comes again, or after a later one of its writer, is not
   * done. `version`: the writer counts versions itself, and only a higher one is kept. */
  | {
      readonly type: "store";
      readonly requestId: number;
      readonly key: string;
      readonly value: unknown;
      readonly writer: string;
      readonly order: number;
      readonly version?: number;
    };

/** To a database that keeps a log: what was committed after a position? */
export interface TailRequest {
  readonly type: "tail";
  readonly after: number;
  /** Up to there nobody will ask again. */
  readonly done: number;
}

export type DatabaseAnswer =
  | { readonly type: "log"; readonly entries: readonly LogEntry[] }
  | {
      readonly type: "loaded";
      readonly requestId: number;
      readonly key: string;
      readonly row: Row;
    }
  /** `row`: as it is now. */
  | {
      readonly type: "stored";
      readonly requestId: number;
      readonly key: string;
      readonly row: Row;
    };

/** What a client does. */
export type CacheOperation =
  | { readonly op: "read"; readonly key: string }
  | { readonly op: "write"; readonly key: string; readonly value: unknown };

export type CacheMessage =
  /** To a client, from outside: do this too, now. */
  | { readonly type: "submit"; readonly operation: CacheOperation }
  | CacheRequest
  | CacheAnswer
  | DatabaseRequest
  | TailRequest
  | DatabaseAnswer;

export type CacheTimer =
  /** An invalidator asks for more of the log. */
  | "poll"
  /** A server has not answered the invalidator. */
  | { readonly resend: string }
  /** Work at the database, or at a server, is done. */
  | { readonly job: number }
  /** A server's write-through store was not answered. */
  | { readonly write: string }
  | "flush"
  /** A client's. */
  | { readonly flight: number }
  | { readonly operation: number }
  | { readonly think: number };
