/** Counts what clients and the database tell, second by second. */
import type { SimulatedNote } from "../../../hosts";
import type { NodeId } from "../../../protocol";
import { cacheEventOf } from "./cluster";
import type { CacheEvent } from "./cluster";

export interface CacheRow {
  /** The end of the time that the row tells of, in ms. */
  readonly atMs: number;
  /** Reads that were answered, and how many of them from a cache, 0 to 1. */
  readonly reads: number;
  readonly hitRatio: number;
  readonly writes: number;
  /** Reads and writes that had no answer, or were refused. */
  readonly failed: number;
  /** Of the reads, in ms; 0 where there are none. */
  readonly meanMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of the writes that were acknowledged, in ms; 0 where there are none. */
  readonly writeP50Ms: number;
  readonly writeP99Ms: number;
  /** What the database has taken up, a second. */
  readonly loadsPerSecond: number;
  readonly storesPerSecond: number;
  /** Reads that missed a write which was acknowledged before they began. */
  readonly staleReads: number;
}

interface Begun {
  readonly atMs: number;
  readonly acknowledged: number;
}

interface Bin {
  readonly latencies: number[];
  readonly writeLatencies: number[];
  hits: number;
  writes: number;
  failed: number;
  loads: number;
  stores: number;
  staleReads: number;
}

function emptyBin(): Bin {
  const counts = { hits: 0, writes: 0, failed: 0, loads: 0, stores: 0, staleReads: 0 };
  return { latencies: [], writeLatencies: [], ...counts };
}

export class CacheMeter {
  /** Gets that each server has answered. */
  readonly gets = new Map<NodeId, number>();
  /** How often each note was made. */
  readonly counts = new Map<string, number>();
  /** Write-back: rows whose last acknowledged write went with a server that crashed. */
  lostRows = 0;
  /** By server, the keys that are dirty and the version. */
  private readonly dirty = new Map<NodeId, Map<string, number>>();
  private readonly bins: Bin[] = [];
  private readonly begun = new Map<number, Begun>();
  /** Key -> the highest version of a write that was acknowledged. */
  private readonly acknowledged = new Map<string, number>();

  constructor(private readonly everyMs: number) {}

  hear(note: SimulatedNote): void {
    const { label, node, atMs } = note;
    this.counts.set(label, (this.counts.get(label) ?? 0) + 1);
    if (label === "load") this.bin(atMs).loads++;
    else if (label === "store") this.bin(atMs).stores++;
    else if (finds.includes(label)) this.gets.set(node, (this.gets.get(node) ?? 0) + 1);
    else if (label === "rejoined") this.lose(node);
    else if (label === "dirty" || label === "flushed") this.hearOfRow(note);
    else {
      const event = cacheEventOf(note);
      if (event !== undefined) this.hearOf(event, atMs);
    }
  }

  private hearOfRow({ label, node, detail }: SimulatedNote): void {
    const { key, version } = detail as { key: string; version: number };
    const dirty = this.dirty.get(node) ?? new Map<string, number>();
    this.dirty.set(node, dirty);
    if (label === "dirty") dirty.set(key, version);
    else if ((dirty.get(key) ?? Infinity) <= version) dirty.delete(key);
  }

  /** The server is down, or has started again: what was dirty is gone. */
  lose(server: NodeId): void {
    this.lostRows += this.dirty.get(server)?.size ?? 0;
    this.dirty.delete(server);
  }

  private hearOf(event: CacheEvent, atMs: number): void {
    const key = String(event.key);
    // Clients count their operations each for itself.
    const id = event.operation * 4_096 + Number(String(event.process).slice(1));
    if (event.type === "invoke") {
      return void this.begun.set(id, { atMs, acknowledged: this.acknowledged.get(key) ?? 0 });
    }
    const begun = this.begun.get(id);
    if (begun === undefined) return;
    this.begun.delete(id);
    const bin = this.bin(atMs);
    if (event.type !== "ok") bin.failed++;
    else if (event.f === "write") {
      bin.writes++;
      bin.writeLatencies.push(atMs - begun.atMs);
      const known = this.acknowledged.get(key) ?? 0;
      this.acknowledged.set(key, Math.max(known, event.version ?? 0));
    } else {
      bin.latencies.push(atMs - begun.atMs);
      if (event.from !== "database") bin.hits++;
      if ((event.version ?? 0) < begun.acknowledged) bin.staleReads++;
    }
  }

  private bin(atMs: number): Bin {
    const index = Math.floor(atMs / this.everyMs);
    while (this.bins.length <= index) this.bins.push(emptyBin());
    return this.bins[index];
  }

  /** One row for each `everyMs`, from the start. */
  rows(): CacheRow[] {
    return this.bins.map((bin, i) =>
      rowOf(bin, { atMs: (i + 1) * this.everyMs, ms: this.everyMs }),
    );
  }

  /** All from `fromMs` until before `untilMs` in one row. */
  total(fromMs: number, untilMs: number): CacheRow {
    const [first, end] = [Math.ceil(fromMs / this.everyMs), Math.ceil(untilMs / this.everyMs)];
    const sum = emptyBin();
    for (const bin of this.bins.slice(first, end)) {
      for (const latency of bin.latencies) sum.latencies.push(latency);
      for (const latency of bin.writeLatencies) sum.writeLatencies.push(latency);
      for (const name of countNames) sum[name] += bin[name];
    }
    return rowOf(sum, { atMs: end * this.everyMs, ms: (end - first) * this.everyMs });
  }
}

const finds = ["hit", "stale", "miss", "wait"];
const countNames = ["hits", "writes", "failed", "loads", "stores", "staleReads"] as const;

function at(sorted: Float64Array, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

function rowOf(bin: Bin, { atMs, ms }: { atMs: number; ms: number }): CacheRow {
  const sorted = Float64Array.from(bin.latencies).sort();
  const written = Float64Array.from(bin.writeLatencies).sort();
  const reads = sorted.length;
  const { hits, writes, failed, loads, stores, staleReads } = bin;
  return {
    atMs,
    reads,
    hitRatio: reads === 0 ? 0 : hits / reads,
    writes,
    failed,
    meanMs: reads === 0 ? 0 : sorted.reduce((sum, latency) => sum + latency, 0) / reads,
    ...{ p50Ms: at(sorted, 0.5), p99Ms: at(sorted, 0.99) },
    ...{ writeP50Ms: at(written, 0.5), writeP99Ms: at(written, 0.99) },
    loadsPerSecond: (1_000 * loads) / ms,
    storesPerSecond: (1_000 * stores) / ms,
    staleReads,
  };
}
