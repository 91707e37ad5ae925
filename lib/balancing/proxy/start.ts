import type { BackEndPlace, ProxyOptions } from "./options";
import type { ProxyMetrics } from "./tally";

export interface RunningProxy {
  /** Where it listens. */
  readonly port: number;
  /** One back end more, open at once. */
  add(place: BackEndPlace): Promise<void>;
  /** A back end gets no new requests; resolves when its last one is answered. */
  drain(id: string): Promise<void>;
  /** One that drained gets requests again. */
  restore(id: string): Promise<void>;
  metrics(): Promise<ProxyMetrics>;
  /** Takes no more clients, lets requests end for so long (default 10,000), then goes. */
  close(graceMs?: number): Promise<void>;
}

/**
 * A reverse proxy on HTTP/1.1 before `backEnds`, with a policy of this topic. Throws a RangeError
 * or InputError for options that are wrong.
 */
export async function startProxy(options: Partial<ProxyOptions>): Promise<RunningProxy> {
  const { ReverseProxy } = require("./reverse-proxy") as typeof import("./reverse-proxy");
  const proxy = new ReverseProxy(options);
  const port = await proxy.listen();
  return {
    port,
    add: async (place) => proxy.add(place),
    drain: (id) => proxy.drain(id),
    restore: async (id) => proxy.restore(id),
    metrics: async () => proxy.metrics,
    close: (graceMs) => proxy.close(graceMs),
  };
}
