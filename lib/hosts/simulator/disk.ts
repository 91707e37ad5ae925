/**
 * A node's disk. Without `writeMs` a save is durable at once. With it, the saves of a step are one
 * write, and saves that come while it is under way are the next one (group commit); the node goes
 * on meanwhile, but what it sends after a save leaves when that save is durable.
 *
 * Source: turmoil-fs's split of page cache and disk; the torn write is a prefix of the saves.
 */
import { Random } from "../../basics";
import type { Cause, Message, NodeId } from "../../protocol";
import { checkLatency, drawLatency } from "./latency";
import type { Latency } from "./latency";
import type { Disk } from "./faults";

export interface SimulatedDiskOptions {
  /** How long a write takes, with its flush; default: no time at all. */
  readonly writeMs: Latency;
}

/** A message that waits until all saves before it are durable. */
export interface HeldSend<M extends Message> {
  readonly to: NodeId;
  readonly message: M;
  readonly cause: Cause | undefined;
}

interface Save {
  readonly key: string;
  readonly value: unknown;
}

export class SimulatedDisk<M extends Message> {
  /** What is durable. */
  saved = new Map<string, unknown>();
  isCorrupt = false;
  /** How long a write takes for now; undefined: no time. */
  private writeMs: Latency | undefined;
  /** Not durable yet, in order; the first `writing` of them are in the write under way. */
  private unsynced: Save[] = [];
  private writing = 0;
  private writes = 0;
  private made = 0;
  private held: (HeldSend<M> & { readonly after: number })[] = [];

  constructor(
    private readonly ownWriteMs: Latency | undefined,
    private readonly random: Random,
  ) {
    if (ownWriteMs !== undefined) checkLatency(ownWriteMs, "disk.writeMs");
    this.writeMs = ownWriteMs;
  }

  /** While it is, sends are held. */
  get isBusy(): boolean {
    return this.unsynced.length > 0 || this.held.length > 0;
  }

  save(key: string, value: unknown): void {
    if (this.writeMs === undefined && this.unsynced.length === 0) return this.apply(key, value);
    this.unsynced.push({ key, value });
    this.made++;
  }

  hold(send: HeldSend<M>): void {
    this.held.push({ ...send, after: this.made });
  }

  /** Starts the next write, if there is one to start; returns its number and how long it takes. */
  begin(): { readonly write: number; readonly lastsMs: number } | undefined {
    if (this.writing > 0 || this.unsynced.length === 0) return undefined;
    this.writing = this.unsynced.length;
    const { writeMs } = this;
    const lastsMs = writeMs === undefined ? 0 : drawLatency(writeMs, this.random);
    return { write: ++this.writes, lastsMs };
  }

  /** The write of this number is durable; false when a crash has ended it before. */
  finish(write: number): boolean {
    if (write !== this.writes || this.writing === 0) return false;
    this.writeFirst(this.writing);
    return true;
  }

  /** The sends that need not wait any more, in order. */
  release(): HeldSend<M>[] {
    const durable = this.made - this.unsynced.length;
    const isWaiting = this.held.findIndex(({ after }) => after > durable);
    return this.held.splice(0, isWaiting === -1 ? this.held.length : isWaiting);
  }

  /** Returns the sends that will never leave. */
  crash(left: Disk): HeldSend<M>[] {
    if (left === "torn") this.writeFirst(this.random.below(this.writing + 1));
    if (left === "lost") this.saved = new Map();
    if (left === "lost") this.isCorrupt = false;
    const unsent = this.held;
    this.held = [];
    this.unsynced = [];
    this.writing = 0;
    return unsent;
  }

  /** Writes begun from now on last so long; undefined: as they did at first. */
  setWriteMs(writeMs: Latency | undefined): void {
    this.writeMs = writeMs ?? this.ownWriteMs;
  }

  private writeFirst(count: number): void {
    for (const { key, value } of this.unsynced.splice(0, count)) this.apply(key, value);
    this.writing = 0;
  }

  private apply(key: string, value: unknown): void {
    if (value === undefined) this.saved.delete(key);
    else this.saved.set(key, value);
  }
}
