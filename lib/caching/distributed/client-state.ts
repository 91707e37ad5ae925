/** What a client of the cache knows. All of it is plain data. */
import type { Host, NodeId } from "../../protocol";
import type { CacheMessage, CacheOperation, CacheTimer, Permit } from "./messages";
import type { CacheClientOptions } from "./options";
import type { ClientRules } from "./rules";

export type ClientHost = Host<CacheMessage, CacheTimer>;

/** Asking for a key, on behalf of all who want it. */
export interface Flight {
  readonly id: number;
  readonly key: string;
  /** Reads that will have what the question under way brings. */
  readers: number[];
  /** Reads that came after it had left: it may bring what was true before they came. */
  late: number[];
  phase: "asking" | "waiting" | "loading" | "setting";
  /** Of the question under way. */
  requestId: number;
  /** Who is asked; null: the database. */
  server: NodeId | null;
  permit: Permit | null;
  sentMs: number;
  waits: number;
}

export interface Write {
  readonly operation: number;
  readonly key: string;
  readonly value: unknown;
  phase: "storing" | "deleting" | "expiring";
  requestId: number;
  version: number;
  /** Servers that have not yet deleted the key. */
  pending: NodeId[];
  rounds: number;
}

export interface Begun {
  readonly operation: CacheOperation;
  /** Of the list: which of those in parallel; -1: it was submitted. */
  readonly slot: number;
}

export interface ClientState {
  readonly id: NodeId;
  readonly options: CacheClientOptions;
  readonly rules: ClientRules;
  /** On the ring; never changes. */
  readonly servers: readonly NodeId[];
  /** Silent server -> when to try it again. */
  readonly suspects: Map<NodeId, number>;
  /** Hot key -> until when its reads are spread. */
  readonly hot: Map<string, number>;
  readonly operations: Map<number, Begun>;
  readonly flights: Map<number, Flight>;
  /** The flight that a new read of a key may wait for; only where reads are coalesced. */
  readonly flightOf: Map<string, number>;
  readonly writes: Map<number, Write>;
  /** Question -> flight or write that asked it. */
  readonly askers: Map<number, { flight: number } | { write: number }>;
  /** Counts operations, flights and questions: none has the number of another. */
  counter: number;
}

/** How a read or a write has ended. */
export interface Outcome {
  readonly kind: "ok" | "fail" | "info";
  /** Of a read: what was there, null for nothing. Else why not. */
  readonly value?: unknown;
  readonly version?: number;
  /** Where a read's answer came from. */
  readonly from?: "cache" | "stale" | "database";
}
