/** What a place counts while it runs, and the sum over places. */
import { LatencyHistogram } from "../../basics";
import type { HistogramData, LatencySummary } from "../../basics";

/** Counts since the start, or since they were last set back. */
export interface Counts {
  /** Events handled by nodes. */
  steps: number;
  /** Steps that threw; the node was started again from its saves. */
  crashes: number;
  messagesSent: number;
  messagesReceived: number;
  /** Not sent because the peer was away or its queue was full; as a network loses messages. */
  messagesDropped: number;
  framesSent: number;
  bytesSent: number;
  bytesReceived: number;
  /** Connections that were closed because of what came over them. */
  connectionsRefused: number;
  /** Connections that were made, again or for the first time. */
  connectionsMade: number;
  /** Times that a place read no more because its disk was behind. */
  readPauses: number;
  saves: number;
  durableSaves: number;
  /** Each makes all saves so far durable: saves / syncs is the mean size of a group. */
  syncs: number;
  /** Operations of clients, by how they ended: see `HistoryEvent`. */
  ok: number;
  fail: number;
  info: number;
}

export function noCounts(): Counts {
  return {
    steps: 0,
    crashes: 0,
    messagesSent: 0,
    messagesReceived: 0,
    messagesDropped: 0,
    framesSent: 0,
    bytesSent: 0,
    bytesReceived: 0,
    connectionsRefused: 0,
    connectionsMade: 0,
    readPauses: 0,
    saves: 0,
    durableSaves: 0,
    syncs: 0,
    ok: 0,
    fail: 0,
    info: 0,
  };
}

/** What a place tells of itself. */
export interface PlaceMetrics {
  readonly counts: Counts;
  readonly latency: HistogramData;
  /** CPU time that its process has used, in ms; of a thread: that of all threads of the process. */
  readonly cpuMs: number;
}

export interface ClusterMetrics extends Readonly<Counts> {
  /** Time that was counted, in ms. */
  readonly elapsedMs: number;
  /** Operations of clients that ended ok, a second. */
  readonly throughput: number;
  /** Of operations that ended ok: from their `invoke` to their `ok`. */
  readonly latency: LatencySummary;
  /** The same counts by place: a node, or "clients" for those who share one. */
  readonly places: Readonly<Record<string, Counts & { readonly cpuMs: number }>>;
}

export function sumOf(
  places: ReadonlyMap<string, PlaceMetrics>,
  elapsedMs: number,
): ClusterMetrics {
  const counts = noCounts();
  const latency = new LatencyHistogram();
  for (const place of places.values()) {
    for (const name of Object.keys(counts) as (keyof Counts)[]) counts[name] += place.counts[name];
    latency.add(place.latency);
  }
  const byPlace = [...places].map(([name, place]) => {
    return [name, { ...place.counts, cpuMs: place.cpuMs }] as const;
  });
  return {
    ...counts,
    elapsedMs,
    throughput: elapsedMs > 0 ? counts.ok / (elapsedMs / 1_000) : 0,
    latency: latency.summary(),
    places: Object.fromEntries(byPlace),
  };
}
