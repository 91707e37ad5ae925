/** A process with our proxy: gets its options, says its port, and does what it is told. */
import { startProxy } from "dabbawala/balancing";
import type { ProxyOptions, RunningProxy } from "dabbawala/balancing";

export type ProxyOrder =
  | { readonly kind: "start"; readonly options: Partial<ProxyOptions> }
  | { readonly kind: "drain"; readonly id: string }
  | { readonly kind: "metrics" };

let proxy: RunningProxy | undefined;

async function obey(order: ProxyOrder): Promise<unknown> {
  if (order.kind === "start") proxy = await startProxy(order.options);
  if (order.kind === "drain") await proxy?.drain(order.id);
  return order.kind === "metrics" ? await proxy?.metrics() : proxy?.port;
}

process.on("message", (order: ProxyOrder) => {
  void obey(order).then((answer) => process.send?.(answer));
});
process.on("disconnect", () => process.exit());
