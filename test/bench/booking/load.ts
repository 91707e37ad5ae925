/** Our side of the booking workload: real processes with synced disks, closed loops of clients. */
import { processes } from "dabbawala/hosts";
import type { Cluster } from "dabbawala/hosts";
import { rushRequests } from "dabbawala/scenarios/irctc";
import { idling, raftOptions } from "../contest/closed-loops";
import type { Side } from "../contest/closed-loops";

export const trains = 200;

/** Payments are left out on either side; so are snapshots and checkpoints, by their sizes. */
export async function ourSide(clients: number, servers: number): Promise<Side> {
  const of = (exportName: string) => ({ module: "dabbawala/scenarios/irctc", exportName });
  const { plans, requests } = rushRequests(trains);
  const general = requests.map((request) => ({ ...request, quota: "general" as const }));
  const cluster = await processes({
    protocol: of("BookingServer"),
    nodes: servers,
    options: { ...raftOptions, gateway: null, snapshotEvery: 10 ** 7 },
    clients: { protocol: of("BookingLoadClient"), count: clients, options: { requests: general } },
    maxHistory: 1,
  });
  const open = Object.entries(plans).map(([departure, plan]) => {
    return { op: "open", departure, plan: { ...plan, quotas: none } };
  });
  return idling(cluster, () => openAll(cluster, open));
}

const none = { tatkal: 0, ladies: 0, senior: 0, defence: 0 };

async function openAll(cluster: Cluster, open: readonly object[]): Promise<boolean> {
  for (const node of cluster.nodes.filter((id) => id.startsWith("n"))) {
    for (const command of open) {
      cluster.tell(node, { type: "command", requestId: 0, command } as never, "c1");
    }
  }
  return (await cluster.metrics()).ok > 0;
}
