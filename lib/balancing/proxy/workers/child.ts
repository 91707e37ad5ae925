/** A process that serves the connections which another one has accepted. */
import type { Socket } from "node:net";
import { ReverseProxy } from "../reverse-proxy";
import type { ProxyMetrics } from "../tally";
import type { NumberedOrder, Order, Report } from "./orders";

let proxy: ReverseProxy | undefined;

async function obey(order: Order, socket: Socket | undefined): Promise<ProxyMetrics | undefined> {
  if (order.kind === "start") proxy = new ReverseProxy(order.options);
  else if (order.kind === "serve" && socket !== undefined) proxy?.serve(socket);
  else if (order.kind === "add") proxy?.add(order.place);
  else if (order.kind === "drain") await proxy?.drain(order.id);
  else if (order.kind === "close") return await proxy?.close(order.graceMs);
  return order.kind === "metrics" ? proxy?.metrics : undefined;
}

process.on("message", ({ number, order }: NumberedOrder, socket: Socket | undefined) => {
  const tell = (report: Report): boolean | undefined => process.send?.(report);
  obey(order, socket).then(
    (metrics) => order.kind !== "serve" && tell({ number, kind: "done", metrics }),
    (error: Error) => tell({ number, kind: "failed", reason: error.message }),
  );
});
// Signals may go to all processes at once: the first one tells the others what to do.
process.on("SIGINT", () => undefined);
process.on("SIGTERM", () => undefined);
process.on("disconnect", () => process.exit());
