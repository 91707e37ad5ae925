import type { ProxyOptions } from "./options";
import type { RunningProxy } from "./running-proxy";

/**
 * A reverse proxy on HTTP/1.1 before `backEnds`, with a policy of this topic. Throws a RangeError
 * or InputError for options that are wrong.
 */
export async function startProxy(options: Partial<ProxyOptions>): Promise<RunningProxy> {
  if ((options.workers ?? 0) > 0) return await startWorkers(options);
  const { ReverseProxy } = require("./reverse-proxy") as typeof import("./reverse-proxy");
  const proxy = new ReverseProxy(options);
  const port = await proxy.listen();
  return {
    port,
    add: async (place) => proxy.add(place),
    drain: (id) => proxy.drain(id),
    metrics: async () => proxy.metrics,
    close: (graceMs) => proxy.close(graceMs),
  };
}

async function startWorkers(options: Partial<ProxyOptions>): Promise<RunningProxy> {
  const { ProxyWorkers } = require("./workers") as typeof import("./workers");
  const proxy = new ProxyWorkers(options);
  await proxy.start();
  return proxy;
}
