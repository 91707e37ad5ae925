/**
 * Partitions that a worker keeps between tasks: rows as they are, under a bound, the least recently
 * used given up first: spilt to its disk, or dropped, to be computed again from their lineage.
 *
 * Source: Zaharia et al. 2012, sections 2.4 and 5.2: "an LRU eviction policy at the level of RDDs".
 * Ours goes by partitions; one that is larger than the bound is never held.
 */
import { rmSync } from "fs";
import { join } from "path";
import type { Addition, PartitionRef } from "../control/messages";
import { rowsBytes } from "./row-bytes";
import { readRows, writeRows } from "./row-file";

/** What a worker keeps of a partition. */
export interface Held {
  readonly rows: readonly unknown[];
  /**
   * Of this step and those before it; told again whenever the partition is used, since the answer
   * that told them first may not have counted.
   */
  readonly additions: readonly Addition[];
}

interface Entry extends PartitionRef {
  readonly additions: readonly Addition[];
  readonly bytes: number;
  readonly onFull: "spill" | "drop";
  /** Undefined: they are in the file. */
  rows: readonly unknown[] | undefined;
  file?: string;
}

export class PartitionCache {
  heldBytes = 0;
  spills = 0;
  /** In the order of their last use. */
  private readonly entries = new Map<string, Entry>();
  private readonly given: PartitionRef[] = [];

  constructor(
    private readonly folder: string,
    private readonly capacityBytes: number,
  ) {}

  /** Undefined: not here. */
  get(step: number, partition: number): Held | undefined {
    const key = `${step}/${partition}`;
    const entry = this.entries.get(key);
    if (entry === undefined) return undefined;
    this.entries.delete(key);
    this.entries.set(key, entry);
    return { rows: entry.rows ?? this.readBack(entry), additions: entry.additions };
  }

  has(step: number, partition: number): boolean {
    return this.entries.has(`${step}/${partition}`);
  }

  put(ref: PartitionRef, held: Held, onFull: Entry["onFull"]): void {
    this.forget(ref);
    const entry: Entry = { ...ref, ...held, bytes: rowsBytes(held.rows), onFull };
    this.entries.set(`${ref.step}/${ref.partition}`, entry);
    this.heldBytes += entry.bytes;
    this.makeRoom();
  }

  forget({ step, partition }: PartitionRef): void {
    const key = `${step}/${partition}`;
    const entry = this.entries.get(key);
    if (entry === undefined) return;
    this.entries.delete(key);
    if (entry.rows !== undefined) this.heldBytes -= entry.bytes;
    if (entry.file !== undefined) rmSync(entry.file, { force: true });
  }

  /** Partitions that were dropped since the last call. */
  takeDropped(): PartitionRef[] {
    return this.given.splice(0);
  }

  /** Rows from the file are not held again: what is in memory would only have to go for them. */
  private readBack({ file }: Entry): readonly unknown[] {
    const rows: unknown[] = [];
    readRows(file as string, (chunk) => {
      for (const row of chunk) rows.push(row);
    });
    return rows;
  }

  private makeRoom(): void {
    for (const entry of this.entries.values()) {
      if (this.heldBytes <= this.capacityBytes) return;
      if (entry.rows === undefined) continue;
      if (entry.onFull === "spill") this.spill(entry);
      else {
        this.forget(entry);
        this.given.push({ step: entry.step, partition: entry.partition });
      }
    }
  }

  private spill(entry: Entry): void {
    const file = join(this.folder, `cache-${entry.step}-${entry.partition}`);
    writeRows(file, entry.rows as readonly unknown[]);
    entry.file = file;
    entry.rows = undefined;
    this.heldBytes -= entry.bytes;
    this.spills++;
  }
}
