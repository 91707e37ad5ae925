/**
 * The rules that make the cache right, each a pure function on its own, so that a test or a
 * notebook can replace one and see what breaks.
 */
import type { NodeId } from "../../protocol";
import type { Permit, Row } from "./messages";
import type { CacheClientOptions, CacheServerOptions } from "./options";
import type { Entry, Lease, Tombstone } from "./records";

/** What a server knows when it is asked to keep a row. */
export interface FillState {
  readonly row: Row;
  readonly permit: Permit;
  readonly life: number;
  readonly nowMs: number;
  readonly lease: Lease | undefined;
  readonly tombstone: Tombstone | undefined;
  /** Tombstones up to then are forgotten. */
  readonly forgottenMs: number;
}

export interface CacheRules {
  /** Section 3.2.1: whether a row that was loaded with a permit may be kept. */
  mayFill(state: FillState, options: CacheServerOptions): boolean;
  /** Section 3.2.1: what a delete leaves of a lease. */
  afterDelete(lease: Lease): Lease;
  /** When a row ends, by the server's clock: counted from the permit, not from the fill. */
  endsAtMs(permit: Permit, nowMs: number, ttlMs: number): number;
  /** What a server keeps over a crash; memory is gone, and so must be what it had. */
  restored(saved: Readonly<Record<string, unknown>>, nowMs: number): readonly [string, Entry][];
  /** Whether the rows are saved, for `restored`. */
  isSaved: boolean;
  /** Write-through: whether the client hears of its write only when the database has it. */
  isStoredFirst: boolean;
  /** Write-back: whether a dirty row may be pushed out. */
  mayEvict(entry: Entry): boolean;
  /** What a delete does to an answer "there is no such row". */
  isNegativeDeleted: boolean;
}

export const cacheRules: CacheRules = {
  mayFill({ row, permit, life, lease, tombstone, nowMs, forgottenMs }, { refills, leaseMs }) {
    if (refills === "any") return true;
    if (permit.life !== life) return false;
    if (refills === "leases") return lease?.token === permit.token && !lease.isOver;
    // A tombstone is remembered for `leaseMs` at least, so a permit must not be older.
    const isYoung = permit.atMs + leaseMs > nowMs && permit.atMs > forgottenMs;
    return isYoung && (tombstone === undefined || row.version >= tombstone.version);
  },
  afterDelete: (lease) => ({ ...lease, isOver: true }),
  endsAtMs: (permit, _nowMs, ttlMs) => permit.atMs + ttlMs,
  restored: () => [],
  isSaved: false,
  isStoredFirst: true,
  mayEvict: (entry) => !entry.isDirty,
  isNegativeDeleted: true,
};

export interface ClientRules {
  /** Whether a read that comes while the database is asked may have what comes of that. */
  mayJoinLoad: boolean;
  /** The readers that hear of a failed load, of those who waited for it. */
  toldOfFailure(readers: readonly number[]): readonly number[];
  /** The servers that must have deleted a key before its write is done. */
  mustDelete(
    holders: readonly NodeId[],
    known: { readonly gutters: readonly NodeId[]; readonly suspects: ReadonlySet<NodeId> },
  ): readonly NodeId[];
  /** How long a row may live on that could not be deleted. */
  waitMs(options: CacheClientOptions): number;
}

export const clientRules: ClientRules = {
  mayJoinLoad: false,
  toldOfFailure: (readers) => readers,
  mustDelete: (holders) => holders,
  waitMs: ({ ttlMs, staleMs, maxDrift }) => (ttlMs + staleMs) * (1 + maxDrift),
};
