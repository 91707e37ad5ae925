/**
 * What a Dynamo store promises, held against what its clients saw. Each write has a value of its
 * own and names the values that its client had seen, which it replaces. A delete is a write whose
 * value nobody sees: what it has replaced may be gone, and must be when it was acknowledged.
 *
 * Source: L. Lamport, "On interprocess communication", 1986, for regular registers: a read has
 * every write that ended before it began, or one that replaced it; of those under way, any.
 */
import type { HistoryEvent } from "../../../protocol";

export interface StoreViolation {
  readonly property:
    "unknownValue" | "failedWriteSeen" | "resurrected" | "staleRead" | "lostWrite" | "undeleted";
  readonly detail: string;
}

export type StoreHistory = readonly (HistoryEvent & { readonly over?: readonly unknown[] })[];

interface Write {
  readonly value: string;
  readonly key: string;
  readonly over: readonly string[];
  readonly isDelete: boolean;
  invoked: number;
  acknowledged: number;
  hasFailed: boolean;
}

interface Read {
  readonly key: string;
  readonly process: string;
  readonly begun: number;
  readonly ended: number;
  readonly values: readonly string[];
}

export class StoreJudge {
  private readonly writes = new Map<string, Write>();
  private readonly reads: Read[] = [];
  private readonly replaced = new Map<string, ReadonlySet<string>>();

  constructor(history: StoreHistory) {
    const begun = new Map<string, { at: number; value: string }>();
    history.forEach((event, at) => this.hear(event, at, begun));
  }

  private hear(
    event: StoreHistory[number],
    at: number,
    begun: Map<string, { at: number; value: string }>,
  ): void {
    const process = String(event.process);
    const key = String(event.key);
    if (event.type === "invoke") {
      const isDelete = event.f === "delete";
      const value = isDelete ? `the delete ${at} of ${process}` : String(event.value);
      begun.set(process, { at, value });
      if (event.f !== "put" && !isDelete) return;
      const write = { key, over: (event.over ?? []).map(String), isDelete, invoked: at };
      this.writes.set(value, { ...write, value, acknowledged: Infinity, hasFailed: false });
      return;
    }
    const call = begun.get(process);
    if (call === undefined) return;
    const write = event.f !== "get" ? this.writes.get(call.value) : undefined;
    if (write !== undefined && event.type === "ok") write.acknowledged = at;
    if (write !== undefined && event.type === "fail") write.hasFailed = true;
    if (event.type !== "ok") return;
    const values = (event.value as unknown[]).map(String);
    if (event.f === "get") this.reads.push({ key, process, begun: call.at, ended: at, values });
  }

  /** What is never right, quorum or not. */
  nonsense(): StoreViolation | undefined {
    for (const { process, key, values } of this.reads) {
      const who = `${process} read ${values.join(" ")} of ${key}`;
      const stranger = values.find((value) => this.writes.get(value)?.key !== key);
      if (stranger !== undefined) {
        return { property: "unknownValue", detail: `${who}: nobody wrote ${stranger}` };
      }
      const failed = values.find((value) => this.writes.get(value)?.hasFailed);
      if (failed !== undefined) {
        return { property: "failedWriteSeen", detail: `${who}: ${failed} was refused` };
      }
      const old = values.find((value) => values.some((other) => this.isOver(other, value)));
      if (old !== undefined) {
        return { property: "resurrected", detail: `${who}: ${old} had been replaced by another` };
      }
    }
    return undefined;
  }

  /** Reads that miss what was acknowledged before they began, or have what was deleted then. */
  staleReads(): StoreViolation[] {
    return this.reads.flatMap(({ process, key, begun, ended, values }) => {
      const missed = [...this.writes.values()].find((write) => {
        return write.key === key && write.acknowledged < begun && !this.has(values, write, ended);
      });
      if (missed === undefined) return [];
      const detail = `${process} read ${values.join(" ") || "nothing"} of ${key} after ${missed.value} was acknowledged`;
      return [{ property: "staleRead" as const, detail }];
    });
  }

  /** Acknowledged writes of which nothing is left in what the store has at the end. */
  lost(final: ReadonlyMap<string, readonly unknown[]>): StoreViolation | undefined {
    for (const write of this.writes.values()) {
      const { key, value, acknowledged, isDelete } = write;
      if (acknowledged === Infinity) continue;
      if (this.has((final.get(key) ?? []).map(String), write, Infinity)) continue;
      if (isDelete) return { property: "undeleted", detail: `${key} has again what ${value} took` };
      const detail = `${value} of ${key} was acknowledged and is gone`;
      return { property: "lostWrite", detail };
    }
    return undefined;
  }

  /** Whether values of a key, seen at `seenAt`, show that the write was done. */
  private has(values: readonly string[], wanted: Write, seenAt: number): boolean {
    if (wanted.isDelete) return !values.some((value) => this.isOver(wanted.value, value));
    if (values.some((value) => value === wanted.value || this.isOver(value, wanted.value))) {
      return true;
    }
    return [...this.writes.values()].some(({ key, value, isDelete, invoked }) => {
      const mayBe = isDelete && key === wanted.key && invoked < seenAt;
      return mayBe && this.isOver(value, wanted.value);
    });
  }

  /** Whether `earlier` was replaced by `value`, or by what that replaced. */
  private isOver(value: string, earlier: string): boolean {
    return this.replacedBy(value).has(earlier);
  }

  private replacedBy(value: string): ReadonlySet<string> {
    const known = this.replaced.get(value);
    if (known !== undefined) return known;
    const { over = [] } = this.writes.get(value) ?? {};
    const all = new Set(over.flatMap((each) => [each, ...this.replacedBy(each)]));
    this.replaced.set(value, all);
    return all;
  }
}
