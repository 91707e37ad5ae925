/**
 * What a client has of the lock service, whether that is one group of servers or several: locks to
 * ask for, and signals of what has become of that.
 */
import type { Event, Host, NodeId } from "../protocol";
import type { LockMessage, LockTimer } from "./messages";
import type { LockMode, Tokens } from "./table";

export type LeaseSignal =
  | { readonly kind: "opened" }
  | { readonly kind: "queued"; readonly label: number; readonly ahead: number }
  | { readonly kind: "granted"; readonly label: number; readonly tokens: Tokens }
  | { readonly kind: "denied"; readonly label: number; readonly why: string }
  | { readonly kind: "released"; readonly label: number; readonly left: number }
  | { readonly kind: "notHeld"; readonly label: number }
  | { readonly kind: "watching"; readonly label: number; readonly holders: number }
  | { readonly kind: "changed"; readonly name: string }
  /** Of a withdrawal: the claim waits no longer, or it had its answer already. */
  | { readonly kind: "withdrawn" | "notWaiting"; readonly label: number }
  /**
   * These locks are gone, with one group all that there are, and so are the session's watches; what
   * was asked under these labels is unknown and will not be answered. A new session is under way.
   */
  | { readonly kind: "lost"; readonly names: readonly string[]; readonly labels: readonly number[] }
  | { readonly kind: "closed" };

export interface Held {
  token: number;
  count: number;
}

export interface Asking {
  readonly mode: LockMode;
  /** 0: do not wait at all; null: wait for ever. */
  readonly waitMs: number | null;
}

export type LeaseHost = Host<LockMessage, LockTimer>;
export type Signals = LeaseSignal[];

/** What is asked returns a label, which the signal of its outcome repeats. */
export interface Leases {
  /** What is held, as far as this side knows. */
  readonly held: ReadonlyMap<string, Held>;
  /** Null: there is no session now, with any group. */
  readonly session: number | null;
  /** Of the node's start: what was held before a crash is not taken up again. */
  start(saved: Readonly<Record<string, unknown>>, host: LeaseHost): void;
  /** Several locks are taken one by one, in an order that all clients share. */
  acquire(names: readonly string[], asking: Asking, host: LeaseHost): number;
  upgrade(name: string, waitMs: number | null, host: LeaseHost): number;
  /** From now on what it guards is only read: others may share it as soon as this is done. */
  downgrade(name: string, host: LeaseHost): number;
  /** Gives a lock back once; from now on it is not used by that acquire. */
  release(name: string, host: LeaseHost): number;
  /** Tells of the next change, once; a watch ends with its session, so after "lost" ask again. */
  watch(name: string, host: LeaseHost): number;
  /** Ends the session when all that was asked before is done. */
  close(host: LeaseHost): void;
  /** What an event of the node means for its locks; those of others mean nothing. */
  react(event: Event<LockMessage, LockTimer>, host: LeaseHost): Signals;
}

/** The servers of each group, in an order that all clients share. */
export type LockGroups = readonly (readonly NodeId[])[];
