/** A rolling restart: workers are drained, one after the other, then servers go; nobody notices. */
import { expect, it } from "vitest";
import { at, crash, restart } from "dabbawala/hosts";
import { SchedulerCluster } from "dabbawala/scheduling";
import type { SchedulerWorker } from "dabbawala/scheduling";

const workers = ["w1", "w2", "w3"];
const times = { electionTimeoutMinMs: 100, electionTimeoutMaxMs: 200, heartbeatMs: 20 };
const everyMs = 800;

it.each([1, 3])("costs no task an attempt, with %i server(s)", (servers) => {
  const cluster = new SchedulerCluster({
    ...{ seed: 5, servers, raft: times, settings: { leaseMs: 2_000 } },
  });
  const service = { "*": { meanMs: 30 } };
  const work = { capabilities: ["k"], service, slots: 2, prefetch: 2, heartbeatMs: 100 };
  for (const id of workers) cluster.addWorker(id, { ...work, retryMs: 100 });
  cluster.addClient("c1", { load: { kinds: ["k"], count: 500 }, batch: 5, retryMs: 100 });
  const drains = workers.map((worker) => ({ op: "drain" as const, worker }));
  // The workers are known by the time of the second one.
  const commands = [{ op: "tick" as const }, ...drains];
  cluster.addClient("c2", { commands, thinkMs: everyMs, retryMs: 100 });
  const turn = (id: string, fromMs: number) => [
    at(fromMs, crash([id])),
    at(fromMs + 100, restart([id])),
  ];
  // By then the worker that was told to drain has nothing left.
  workers.forEach((id, index) => cluster.schedule(...turn(id, (index + 1.8) * everyMs)));
  cluster.ids.forEach((id, index) => cluster.schedule(...turn(id, (index + 4.5) * everyMs)));
  cluster.run(20_000);

  const told = (label: string) => cluster.notes.filter((note) => note.label === label);
  expect(told("drained").map(({ node }) => node)).toEqual(workers);
  for (const id of workers) {
    const worker = cluster.simulator.nodeOf(id) as unknown as SchedulerWorker;
    expect([id, worker.life]).toEqual([id, 2]);
    expect(worker.done).toBeGreaterThan(0);
  }
  const over = told("over").find(({ node }) => node === "c1");
  expect(over?.detail).toMatchObject({ done: 500, dead: 0, cancelled: 0 });
  // What was given back had not been begun.
  expect(told("begin").length).toBe(500);
  expect(cluster.state()?.totals).toMatchObject({ expiredLeases: 0, stale: 0, done: 500 });
  expect(cluster.store()?.effects.size).toBe(500);
});
