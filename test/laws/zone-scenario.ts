/** Swiggy's delivery zones, for the laws. */
import * as swiggy from "dabbawala/scenarios/swiggy";
import type { AnyProtocol, Scenario } from "./scenarios";

const servers = ["n1", "n2", "n3"];

/** A delivery zone: all its kinds of nodes, of which the servers may fail. */
export const zone: Scenario = {
  isWhole: true,
  names: servers,
  add(simulator) {
    const { ZoneDispatcher, RiderDesk, ZoneRegistry, ZoneCustomer } = swiggy as unknown as Record<
      string,
      AnyProtocol
    >;
    simulator.add("desk", RiderDesk as AnyProtocol, { peers: [] });
    simulator.add("registry", ZoneRegistry as AnyProtocol, { peers: [] });
    const riders = Array.from({ length: 30 }, (_, i) => `rider ${i}`);
    for (const id of servers) {
      simulator.add(id, ZoneDispatcher as AnyProtocol, { peers: servers, options: { riders } });
    }
    simulator.add("c1", ZoneCustomer as AnyProtocol, { peers: servers });
  },
};
