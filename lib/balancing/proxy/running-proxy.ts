import type { BackEndPlace } from "./options";
import type { ProxyMetrics } from "./tally";

export interface RunningProxy {
  /** Where it listens. */
  readonly port: number;
  /** One back end more, or one that has left; open at once. */
  add(place: BackEndPlace): Promise<void>;
  /** A back end gets no new requests; resolves when its last one is answered. */
  drain(id: string): Promise<void>;
  metrics(): Promise<ProxyMetrics>;
  /** Takes no more clients, lets requests end for so long (default 10,000), then goes: counts. */
  close(graceMs?: number): Promise<ProxyMetrics>;
}
