/** What nodes note: the clients' history with its latencies, and the latest of everything else. */
import type { HistoryEvent, HistoryEventType, NodeId } from "../../protocol";
import { LatencyHistogram } from "../../basics";
import type { Counts } from "./metrics";

/** A note of a node, at a time of the machine's clock that all its processes share. */
export interface TimedNote {
  readonly atMs: number;
  readonly node: NodeId;
  readonly label: string;
  readonly detail?: unknown;
}

/** Notes that are no part of a history: the last ones are kept. */
const maxNotes = 1_000;

export class Story {
  history: HistoryEvent[] = [];
  /** Events that were too many to keep. */
  lost = 0;
  latency = new LatencyHistogram();
  private notes: TimedNote[] = [];
  private readonly invokedAtMs = new Map<NodeId, number>();

  constructor(private readonly maxHistory: number) {}

  tell(node: NodeId, { label, detail }: { label: string; detail: unknown }, counts: Counts): void {
    const atMs = machineMs();
    const f = (detail as { f?: unknown } | undefined)?.f;
    if (!isHistoryType(label) || typeof f !== "string")
      return this.keep({ atMs, node, label, detail });
    if (label === "invoke") this.invokedAtMs.set(node, atMs);
    else this.end(node, label, { atMs, counts });
    if (this.history.length >= this.maxHistory) {
      this.lost++;
      return;
    }
    const { key, value } = detail as { key?: string; value?: unknown };
    this.history.push({ process: node, type: label, f, key, value, time: atMs });
  }

  latestNotes(): readonly TimedNote[] {
    return this.notes.slice(-maxNotes);
  }

  private end(
    node: NodeId,
    label: "ok" | "fail" | "info",
    { atMs, counts }: { atMs: number; counts: Counts },
  ): void {
    const invokedAtMs = this.invokedAtMs.get(node);
    if (invokedAtMs === undefined) return;
    this.invokedAtMs.delete(node);
    counts[label]++;
    if (label === "ok") this.latency.record(atMs - invokedAtMs);
  }

  private keep(note: TimedNote): void {
    this.notes.push(note);
    if (this.notes.length >= 2 * maxNotes) this.notes = this.notes.slice(-maxNotes);
  }
}

/** The machine's monotonic clock, which all processes and threads of a machine read alike. */
function machineMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

function isHistoryType(label: string): label is HistoryEventType {
  return label === "invoke" || label === "ok" || label === "fail" || label === "info";
}
