import { expect, it } from "vitest";
import { processes } from "dabbawala/hosts";
import { rushRequests } from "dabbawala/scenarios/irctc";

const of = (exportName: string) => ({ module: "dabbawala/scenarios/irctc", exportName });

it("books on real processes with synced disks, and the leader's death loses nothing", async () => {
  const { plans, requests } = rushRequests(3);
  const cluster = await processes({
    protocol: of("BookingServer"),
    nodes: 3,
    options: { gateway: null },
    clients: { protocol: of("BookingLoadClient"), count: 4, options: { requests, retryMs: 300 } },
  });
  try {
    const leader = async (): Promise<string | undefined> => {
      for (const id of ["n1", "n2", "n3"]) {
        if ((await cluster.fields(id, ["role"]))?.["role"] === "leader") return id;
      }
      return undefined;
    };
    await cluster.until(async () => (await leader()) !== undefined);
    for (const [departure, plan] of Object.entries(plans)) {
      const command = { op: "open", departure, plan };
      const message = { type: "command", requestId: 0, command } as const;
      for (const id of ["n1", "n2", "n3"]) cluster.tell(id, message, "c1");
    }
    const booked = async (): Promise<number> => (await cluster.metrics()).ok;
    await cluster.until(async () => (await booked()) > 50);
    const first = (await leader()) as string;
    await cluster.kill(first);
    const before = await booked();
    await cluster.until(async () => (await booked()) > before + 50);
    const id = (await leader()) as string;
    expect(id).not.toBe(first);
    const told = await booked();
    const known = await cluster.fields(id, ["ticketCount"]);
    expect(known?.["ticketCount"]).toBeGreaterThanOrEqual(told);
  } finally {
    await cluster.stop();
  }
}, 60_000);
