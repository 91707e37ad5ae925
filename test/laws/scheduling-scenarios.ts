/** The small systems in which the protocols of the task scheduler have something to do. */
import * as scheduling from "dabbawala/scheduling";
import type { AnyProtocol, AnySimulator, Scenario } from "./scenarios";

const servers = ["n1", "n2", "n3"];
const settings = { leaseMs: 200, backoff: { baseMs: 20, capMs: 100 }, maxAttempts: 3 };
const protocols = scheduling as unknown as Record<string, AnyProtocol>;

/** Two workers, what their tasks do, and two clients: one with a few tasks of every kind. */
function addAround(simulator: AnySimulator, peers: readonly string[]): void {
  const { EffectStore, SchedulerClient, SchedulerWorker } = protocols;
  simulator.add("e1", EffectStore, { peers: [] });
  const service = { "*": { meanMs: 15, failRate: 0.2 } };
  for (const id of ["w1", "w2"]) {
    const own = { capabilities: ["k", "image"], slots: 2, service, effects: "e1" };
    const options = { ...own, heartbeatMs: 50, retryMs: 60 };
    simulator.add(id, SchedulerWorker, { peers, options });
  }
  const tasks = [
    { id: "a", kind: "k", priority: 9 },
    { id: "b", kind: "image", after: ["a"], payload: { name: "rice.jpg" } },
    { id: "c", kind: "k", delayMs: 100, timeoutMs: 50, tenant: "dadar" },
    { id: "d", kind: "k", expiresMs: 200, needs: ["gpu"] },
    { id: "e", kind: "k", after: ["d"] },
  ];
  const times = { retryMs: 60, lookMs: 80 };
  simulator.add("c1", SchedulerClient, { peers, options: { tasks, ...times } });
  const load = { kinds: ["k", "image"], payloadBytes: 8 };
  const options = { load, batch: 3, window: 9, thinkMs: 10, ...times };
  simulator.add("c2", SchedulerClient, { peers, options });
}

const single: Scenario = {
  names: ["n1", "w1", "w2", "e1"],
  isWhole: true,
  add(simulator) {
    const { SchedulerServer } = protocols;
    simulator.add("n1", SchedulerServer, { peers: [], options: { settings, snapshotEvery: 30 } });
    addAround(simulator, ["n1"]);
  },
};

const replicated: Scenario = {
  names: servers,
  add(simulator) {
    const { ReplicatedScheduler } = protocols;
    for (const id of servers) {
      const peers = servers.filter((other) => other !== id);
      const options = { settings, snapshotEvery: 15, trailingEntries: 4 };
      simulator.add(id, ReplicatedScheduler, { peers, options });
    }
    addAround(simulator, servers);
  },
};

export const schedulingScenarios: Readonly<Record<string, Scenario>> = {
  SchedulerServer: single,
  ReplicatedScheduler: replicated,
  SchedulerWorker: single,
  SchedulerClient: single,
  EffectStore: single,
};
