/**
 * What holds of replicas: a write takes, under a stamp of its own; what a replica holds was written
 * so, and never goes back in time, over restarts too; in the end all that are there hold the latest
 * write that any of them has had.
 */
import type { GroupJudge, GroupView, StormFailure } from "../../../hosts";
import type { Event, NodeId } from "../../../protocol";
import type { AntiEntropy, AntiEntropyMessage } from "../anti-entropy";
import { isLater } from "../database";
import type { Entry, Stamp } from "../database";

type Entries = ReadonlyMap<string, Entry>;

export class AntiEntropyJudge implements GroupJudge<AntiEntropy, AntiEntropyMessage, "cycle"> {
  /** By key and stamp: what was written. */
  private readonly written = new Map<string, unknown>();
  private readonly held = new Map<NodeId, Entries>();

  onEvent(node: AntiEntropy, event: Event<AntiEntropyMessage, "cycle">): StormFailure | undefined {
    const wrong =
      event.kind === "message" && event.message.type === "write"
        ? this.takeWrite(node, event.message)
        : undefined;
    const { entries } = node.database;
    const failure = wrong ?? this.wentBack(node.id, entries) ?? this.madeUp(node.id, entries);
    this.held.set(node.id, new Map(entries));
    return failure;
  }

  unsettled({ core, nodeOf }: GroupView<AntiEntropy>): StormFailure | undefined {
    const replicas = core.map((id) => nodeOf(id)?.database.entries ?? new Map<string, Entry>());
    const latest = new Map<string, Entry>();
    for (const entries of replicas) {
      for (const [key, entry] of entries) {
        const known = latest.get(key);
        if (known === undefined || isLater(entry.stamp, known.stamp)) latest.set(key, entry);
      }
    }
    for (const [i, entries] of replicas.entries()) {
      for (const [key, { stamp, value }] of latest) {
        const entry = entries.get(key);
        if (entry?.value === value && textOf(entry) === textOf({ stamp })) continue;
        const detail = `${core[i]} has ${key} of ${textOf(entry)}, another of ${textOf({ stamp })}`;
        return { property: "replicasConverge", detail };
      }
    }
    return undefined;
  }

  private takeWrite(
    node: AntiEntropy,
    { key, value }: { readonly key: string; readonly value: unknown },
  ): StormFailure | undefined {
    const entry = node.database.entries.get(key);
    if (entry === undefined || entry.value !== value || entry.stamp.writer !== node.id) {
      return { property: "writesTake", detail: `${node.id} was told ${key}, and dropped it` };
    }
    const name = `${key} ${textOf(entry)}`;
    if (this.written.has(name)) {
      return { property: "stampsAreUnique", detail: `${node.id} writes ${name} a second time` };
    }
    this.written.set(name, value);
    return undefined;
  }

  private wentBack(node: NodeId, entries: Entries): StormFailure | undefined {
    for (const [key, before] of this.held.get(node) ?? []) {
      const now = entries.get(key);
      if (now !== undefined && !isLater(before.stamp, now.stamp)) continue;
      const detail = `${node} had ${key} of ${textOf(before)}, and then of ${textOf(now)}`;
      return { property: "entriesGoForward", detail };
    }
    return undefined;
  }

  private madeUp(node: NodeId, entries: Entries): StormFailure | undefined {
    for (const [key, { stamp, value }] of entries) {
      if (this.written.get(`${key} ${textOf({ stamp })}`) === value) continue;
      return { property: "valuesWereWritten", detail: `${node} has ${key} = ${String(value)}` };
    }
    return undefined;
  }
}

function textOf(entry: { readonly stamp: Stamp } | undefined): string {
  return entry === undefined ? "nobody" : `${entry.stamp.time} by ${entry.stamp.writer}`;
}
