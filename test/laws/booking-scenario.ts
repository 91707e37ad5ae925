/** IRCTC's booking, for the laws. */
import * as irctc from "dabbawala/scenarios/irctc";
import { Asker } from "./scenarios";
import type { AnyProtocol, Scenario } from "./scenarios";

const servers = ["n1", "n2", "n3"];
const departure = "12951|2026-01-12|SL";
const plan = irctc.trainPlan({ stations: ["MMCT", "ST", "NDLS"], coaches: 1 });
const passengers = [{ age: 30, gender: "F" }] as const;
const requests = [
  { departure, from: 0, to: 2, quota: "general", passengers },
  { departure, from: 0, to: 1, quota: "tatkal", passengers },
];

/** A shard with its gateway and its gate, a crowd before that, and one who books without end. */
export const booking: Scenario = {
  isWhole: true,
  names: servers,
  add(simulator) {
    const protocols = irctc as unknown as Record<string, AnyProtocol>;
    const { BookingServer, PaymentGateway, BookingGate, Crowd, BookingLoadClient } = protocols;
    for (const id of servers) {
      const peers = servers.filter((other) => other !== id);
      simulator.add(id, BookingServer as AnyProtocol, { peers });
    }
    simulator.add("g1", PaymentGateway as AnyProtocol, { peers: [] });
    simulator.add("gate", BookingGate as AnyProtocol, { peers: servers });
    const opening = { requests: [{ type: "command", command: { op: "open", departure, plan } }] };
    simulator.add("c0", Asker as unknown as AnyProtocol, { peers: servers, options: opening });
    const crowd = { requests, perSecond: [60, 20], startMs: 300, robotEvery: 7, robotKeys: 3 };
    simulator.add("c1", Crowd as AnyProtocol, { peers: ["gate"], options: crowd });
    const load = { requests, retryMs: 100 };
    simulator.add("c2", BookingLoadClient as AnyProtocol, { peers: servers, options: load });
  },
};
