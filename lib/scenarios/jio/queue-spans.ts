/** What the servers of a small farm do, as bars for a Gantt chart. */
import { simulateFarm } from "../../balancing";
import type { FarmOptions } from "../../balancing";

/** A request at work; its label is the ms from its arrival to its answer. */
export interface QueueSpan {
  /** The server's name. */
  readonly lane: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly kind: "work";
  readonly label: string;
}

/** For servers of one slot; nothing warms up. Throws a RangeError for options that are wrong. */
export function queueSpans(options: FarmOptions): QueueSpan[] {
  const spans: QueueSpan[] = [];
  const freeMs = options.servers.map(() => 0);
  simulateFarm({
    ...options,
    warmUp: 0,
    onEnd: ({ server, arrivedMs, ms }) => {
      const startMs = Math.max(arrivedMs, freeMs[server] ?? 0);
      const endMs = arrivedMs + ms;
      freeMs[server] = endMs;
      const lane = options.servers[server]?.id ?? "";
      spans.push({ lane, startMs, endMs, kind: "work", label: ms.toFixed(0) });
    },
  });
  return spans;
}
