/** Searches at a follower that is cut off for a while: how old its answers say that they are. */
import { Simulator, at, heal, partition } from "../../../../hosts";
import type { Availability } from "../commands";
import type { BookingMessage } from "../messages";
import { BookingServer } from "../server";
import { Crowd } from "./crowd";
import { rushRequests } from "./simulate-rush";

export interface SearchRow {
  readonly second: number;
  readonly server: string;
  /** Berths that the answer shows as free, and those of the leader at that moment. */
  readonly free: number;
  readonly freeAtLeader: number;
  /** The reader's time less the time that the answer states, in ms. */
  readonly statedAgeMs: number;
}

/**
 * One train is sold out while n3 is cut off from `cutMs` to `healMs`; all servers are asked ten
 * times a second for the first journey, each for what it knows itself.
 */
export function simulateSearch(options: {
  readonly seed: number;
  readonly seconds: number;
  readonly perSecond: number;
  readonly cutMs: number;
  readonly healMs: number;
}): SearchRow[] {
  const { seed, seconds, perSecond, cutMs, healMs } = options;
  const simulator = new Simulator<BookingMessage, never>({ seed, isTraced: false });
  const servers = ["n1", "n2", "n3"];
  for (const id of servers) {
    const peers = servers.filter((other) => other !== id);
    simulator.add(id, BookingServer as never, { peers, options: { gateway: null } });
  }
  const { plans, requests } = rushRequests(1);
  const crowd = { perSecond: new Array<number>(seconds).fill(perSecond), requests };
  simulator.add("c1", Crowd as never, { peers: ["n1"], options: crowd, startAtMs: 1_000 });
  simulator.inject("c1", "n1", { type: "timeoutNow", term: 0 });
  simulator.run({ untilMs: 500 });
  for (const [departure, plan] of Object.entries(plans)) {
    const command = { op: "open", departure, plan };
    simulator.inject("c1", "n1", { type: "command", requestId: 0, command });
  }
  simulator.schedule(at(cutMs, partition(["n1", "n2", "c1"], ["n3"])), at(healMs, heal()));
  const rows: SearchRow[] = [];
  for (let ms = 1_000; ms <= 1_000 * seconds; ms += 100) {
    simulator.run({ untilMs: ms });
    const found = servers.map((id) =>
      searched(simulator.nodeOf(id) as unknown as BookingServer, requests[0]),
    );
    found.forEach(({ free, asOfMs }, i) => {
      const freeAtLeader = (found[0] as Availability).free;
      const statedAgeMs = ms - asOfMs;
      rows.push({
        second: ms / 1_000,
        server: servers[i] as string,
        free,
        freeAtLeader,
        statedAgeMs,
      });
    });
  }
  return rows;
}

function searched(server: BookingServer, journey: object | undefined): Availability {
  return server.machine.query(server.machineState, { op: "search", ...journey }) as Availability;
}
