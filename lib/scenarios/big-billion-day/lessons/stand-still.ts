/** A worker that stands still for longer than its lease, and goes on as if nothing had been. */
import { at, pause, resume } from "../../../hosts";
import type { SimulatedNote } from "../../../hosts";
import type { Trace } from "../../../protocol";
import { EffectStore, SchedulerCluster } from "../../../scheduling";
import type { SchedulerMessage, SchedulerTimer } from "../../../scheduling";
import { KeylessStore } from "../keyless-store";

export interface StandStillOptions {
  readonly seed: number;
  /** Whether the store of effects looks at keys. */
  readonly hasKeys: boolean;
}

export interface StandStillRun {
  /** What workers began and finished, and what was done to the world, or came too late. */
  readonly notes: readonly SimulatedNote[];
  readonly effects: number;
  readonly trace: Trace<SchedulerMessage, SchedulerTimer>;
}

const labels = ["begin", "effect", "late", "finish"];

/** One task "pay" of 60 ms, leases of 300 ms; its worker w1 stands still from 30 to 530 ms. */
export function standStill({ seed, hasKeys }: StandStillOptions): StandStillRun {
  const cluster = new SchedulerCluster({
    seed,
    settings: { leaseMs: 300, backoff: { baseMs: 0, capMs: 0 } },
    parts: { store: hasKeys ? EffectStore : KeylessStore },
    simulator: { network: { latency: { kind: "constant", ms: 2 } }, isTraced: true },
  });
  const service = { "*": { meanMs: 60, isExact: true } };
  const worker = { capabilities: ["payment"], service, heartbeatMs: 140 };
  cluster.addWorker("w1", worker);
  cluster.addWorker("w2", worker);
  cluster.addClient("c1", { tasks: [{ id: "pay", kind: "payment" }] });
  cluster.schedule(at(30, pause(["w1"])), at(530, resume(["w1"])));
  cluster.run(800);
  const notes = cluster.notes.filter(({ label }) => labels.includes(label));
  const effects = notes.filter(({ label }) => label === "effect").length;
  return { notes, effects, trace: cluster.trace };
}
