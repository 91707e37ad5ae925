/**
 * What a cache promises, held against what its clients saw. Rows have versions, so a read is too
 * old where its version is below one that it had to see.
 *
 * Source: for "staleRead" L. Lamport, "On interprocess communication", 1986: regular registers;
 * "tooStale" is the promise of the TTL alone.
 */
import type { CacheEvent } from "../simulation/cluster";

export interface CacheViolation {
  readonly property:
    | ("unknownValue" | "failedWriteSeen" | "staleRead" | "tooStale" | "staleAfterLog")
    | ("lostWrite" | "unanswered");
  readonly detail: string;
}

/** A version of a key, and when it came to be. */
export interface Version {
  readonly key: string;
  readonly version: number;
  readonly atMs: number;
}

interface Begun {
  readonly key: string;
  readonly process: string;
  readonly value: unknown;
  readonly atMs: number;
  /** The highest version that was acknowledged before, without those that may be lost. */
  readonly due: number;
}

interface Read extends Begun {
  readonly version: number;
  readonly seen: unknown;
  readonly endedMs: number;
}

export interface JudgeOptions {
  /** Write-back: what a crash has taken, and when; a read that ends later may miss it. */
  readonly lost?: readonly Version[];
}

export class CacheJudge {
  private readonly reads: Read[] = [];
  private readonly values = new Map<string, "invoked" | "failed">();
  private readonly acknowledged: Version[] = [];
  private readonly begun = new Map<string, Begun>();
  private readonly lost: ReadonlyMap<string, number>;

  constructor(history: readonly CacheEvent[], { lost = [] }: JudgeOptions = {}) {
    this.lost = new Map(lost.map(({ key, version, atMs }) => [nameOf(key, version), atMs]));
    for (const event of history) this.hear(event);
  }

  private hear(event: CacheEvent): void {
    const key = String(event.key);
    const process = String(event.process);
    const id = `${process} ${event.operation}`;
    const atMs = event.time ?? 0;
    if (event.type === "invoke") {
      if (event.f === "write") this.values.set(nameOf(key, event.value), "invoked");
      const due = this.acknowledged.length;
      return void this.begun.set(id, { key, process, value: event.value, atMs, due });
    }
    const call = this.begun.get(id);
    if (call === undefined) return;
    this.begun.delete(id);
    const version = event.version ?? 0;
    if (event.f === "write") {
      if (event.type === "fail") this.values.set(nameOf(key, call.value), "failed");
      if (event.type === "ok") this.acknowledged.push({ key, version, atMs });
    } else if (event.type === "ok") {
      this.reads.push({ ...call, version, seen: event.value, endedMs: atMs });
    }
  }

  /** What is never right. */
  nonsense(): CacheViolation | undefined {
    const first = new Map<string, unknown>();
    for (const { process, key, version, seen } of this.reads) {
      const who = `${process} read ${String(seen)} of ${key}`;
      const name = nameOf(key, version);
      if (!first.has(name)) first.set(name, seen);
      if (first.get(name) !== seen) {
        const other = String(first.get(name));
        return { property: "unknownValue", detail: `${who}, version ${version}, as ${other} is` };
      }
      if (seen === null) continue;
      const known = this.values.get(nameOf(key, seen));
      if (known === undefined) return { property: "unknownValue", detail: `${who}: unwritten` };
      if (known === "failed") return { property: "failedWriteSeen", detail: `${who}: refused` };
    }
    return undefined;
  }

  /** Reads that miss a write which was acknowledged before they began. */
  staleReads(): CacheViolation[] {
    return this.reads.flatMap(({ process, key, version, due, endedMs }) => {
      const missed = this.acknowledged
        .slice(0, due)
        .filter((write) => write.key === key && write.version > version)
        .find((write) => !this.isLost(write, endedMs));
      if (missed === undefined) return [];
      const detail = `${process} read version ${version} of ${key} at ${endedMs.toFixed(1)} ms; ${missed.version} was acknowledged at ${missed.atMs.toFixed(1)} ms`;
      return [{ property: "staleRead" as const, detail }];
    });
  }

  /** Reads that began so long after a row was committed, and miss it. */
  tooStale(committed: readonly Version[], boundMs: number): CacheViolation | undefined {
    for (const { process, key, version, atMs } of this.reads) {
      const missed = committed.find((row) => {
        return row.key === key && row.version > version && row.atMs + boundMs < atMs;
      });
      if (missed === undefined) continue;
      const ms = (atMs - missed.atMs).toFixed(1);
      const detail = `${process} read version ${version} of ${key}, ${ms} ms after ${missed.version} was committed`;
      return { property: "tooStale", detail };
    }
    return undefined;
  }

  /** Reads that began after every server had deleted what was older, and have it still. */
  staleAfterLog(invalidated: readonly Version[]): CacheViolation | undefined {
    const found = this.tooStale(invalidated, 0);
    return found && { property: "staleAfterLog", detail: `${found.detail} and told` };
  }

  /** Acknowledged writes that the database does not have in the end, nor a later one. */
  lostWrites(finalVersion: (key: string) => number): CacheViolation | undefined {
    for (const write of this.acknowledged) {
      const final = finalVersion(write.key);
      if (final >= write.version || this.isLost(write, Infinity)) continue;
      const detail = `version ${write.version} of ${write.key} was acknowledged; the database has ${final}`;
      return { property: "lostWrite", detail };
    }
    return undefined;
  }

  /** Operations of clients that have not crashed since, without an end. */
  unanswered(aliveSinceMs: (client: string) => number): CacheViolation | undefined {
    for (const { process, key, atMs } of this.begun.values()) {
      if (atMs < aliveSinceMs(process)) continue;
      const detail = `${process} still waits for ${key} since ${atMs.toFixed(1)} ms`;
      return { property: "unanswered", detail };
    }
    return undefined;
  }

  private isLost({ key, version }: Version, endedMs: number): boolean {
    const lostMs = this.lost.get(nameOf(key, version));
    return lostMs !== undefined && lostMs <= endedMs;
  }
}

function nameOf(key: string, what: unknown): string {
  return `${key} ${JSON.stringify(what)}`;
}
