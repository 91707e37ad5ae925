/** A small pool in which there is something to do. */
import * as balancing from "dabbawala/balancing";
import type { AnyProtocol, Scenario } from "./scenarios";

const servers = ["n1", "n2", "n3"];

/** Three servers, one of them too small, two balancers that check and eject, and two clients. */
const pool: Scenario = {
  names: [...servers, "b1", "b2"],
  add(simulator) {
    const { Balancer, BalancedServer, RequestClient } = balancing as unknown as Record<
      string,
      AnyProtocol
    >;
    for (const id of servers) {
      const options = { serviceMs: 5, slots: 1, maxQueue: id === "n3" ? 0 : 3 };
      simulator.add(id, BalancedServer, { peers: [], options });
    }
    const health = {
      active: { intervalMs: 50, timeoutMs: 20 },
      outliers: { baseEjectionMs: 100, intervalMs: 100 },
      circuit: { window: 5, minimumCalls: 3, openMs: 100 },
      slowStart: { windowMs: 200 },
    };
    const options = { attemptMs: 60, rampMs: 50, health };
    for (const id of ["b1", "b2"]) simulator.add(id, Balancer, { peers: servers, options });
    for (const id of ["c1", "c2"]) {
      const own = { requests: null, everyMs: 8, answerMs: 300, onceEvery: 3 };
      simulator.add(id, RequestClient, { peers: ["b1", "b2"], options: own });
    }
  },
};

export const balancingScenarios: Readonly<Record<string, Scenario>> = {
  Balancer: pool,
  BalancedServer: pool,
  RequestClient: pool,
};
