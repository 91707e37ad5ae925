/**
 * What a Dynamo store promises, held against what its clients saw. Each write has a value of its
 * own and names the values that its client had seen, which it replaces.
 *
 * Source: L. Lamport, "On interprocess communication", 1986, for regular registers: a read has
 * every write that ended before it began, or one that replaced it; of those under way, any.
 */
import type { HistoryEvent } from "../../../protocol";

export interface StoreViolation {
  readonly property: "unknownValue" | "failedWriteSeen" | "resurrected" | "staleRead" | "lostWrite";
  readonly detail: string;
}

export type StoreHistory = readonly (HistoryEvent & { readonly over?: readonly unknown[] })[];

interface Write {
  readonly value: string;
  readonly key: string;
  readonly over: readonly string[];
  invoked: number;
  acknowledged: number;
  hasFailed: boolean;
}

interface Read {
  readonly key: string;
  readonly process: string;
  readonly begun: number;
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
      begun.set(process, { at, value: String(event.value) });
      if (event.f !== "put") return;
      const write = { key, over: (event.over ?? []).map(String), invoked: at };
      const value = String(event.value);
      this.writes.set(value, { ...write, value, acknowledged: Infinity, hasFailed: false });
      return;
    }
    const call = begun.get(process);
    if (call === undefined) return;
    const write = event.f === "put" ? this.writes.get(call.value) : undefined;
    if (write !== undefined && event.type === "ok") write.acknowledged = at;
    if (write !== undefined && event.type === "fail") write.hasFailed = true;
    if (event.type !== "ok") return;
    const values = (event.value as unknown[]).map(String);
    if (event.f === "get") this.reads.push({ key, process, begun: call.at, values });
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

  /** Reads that miss what was acknowledged before they began. */
  staleReads(): StoreViolation[] {
    return this.reads.flatMap(({ process, key, begun, values }) => {
      const missed = [...this.writes.values()].find((write) => {
        return write.key === key && write.acknowledged < begun && !this.covers(values, write.value);
      });
      if (missed === undefined) return [];
      const detail = `${process} read ${values.join(" ") || "nothing"} of ${key} after ${missed.value} was acknowledged`;
      return [{ property: "staleRead" as const, detail }];
    });
  }

  /** Acknowledged writes of which nothing is left in what the store has at the end. */
  lost(final: ReadonlyMap<string, readonly unknown[]>): StoreViolation | undefined {
    for (const { key, value, acknowledged } of this.writes.values()) {
      if (acknowledged === Infinity) continue;
      if (this.covers((final.get(key) ?? []).map(String), value)) continue;
      const detail = `${value} of ${key} was acknowledged and is gone`;
      return { property: "lostWrite", detail };
    }
    return undefined;
  }

  private covers(values: readonly string[], wanted: string): boolean {
    return values.some((value) => value === wanted || this.isOver(value, wanted));
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
