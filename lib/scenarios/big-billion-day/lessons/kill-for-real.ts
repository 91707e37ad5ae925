/** Scheduler, workers, clients and store as processes of this machine; some are killed with -9. */
import { join } from "path";
import { wholeInRange } from "../../../basics";
import { processes } from "../../../hosts";

export interface KillOptions {
  /** Of each of two clients; default 300. */
  readonly tasksEach?: number;
  /** In real time, for each of the two waits; default 20,000 ms. */
  readonly timeoutMs?: number;
}

export interface KillRun {
  readonly tasks: number;
  readonly done: number;
  readonly dead: number;
  readonly effects: number;
  /** Tasks with more than one. */
  readonly effectsTwice: number;
  /** From the start of all to the last end. */
  readonly elapsedMs: number;
}

const scheduling = join(__dirname, "../../../scheduling");
const of = (exportName: string) => ({ module: scheduling, exportName });
const service = { "*": { meanMs: 1 } };
const work = { capabilities: ["k"], slots: 20, service, effects: "e1", heartbeatMs: 100 };

/** A worker and the scheduler are killed in the midst of it, and started again. */
export async function killForReal(options: KillOptions = {}): Promise<KillRun> {
  const { tasksEach = 300, timeoutMs = 20_000 } = options;
  wholeInRange("tasksEach", tasksEach, { min: 1, max: 100_000 });
  const startMs = performance.now();
  const cluster = await startCluster(tasksEach);
  const told = async (node: string, label: string): Promise<unknown[]> =>
    (await cluster.notes(node))
      .filter((note) => note.node === node && note.label === label)
      .map(({ detail }) => detail);
  try {
    await cluster.until(async () => (await cluster.metrics()).ok >= 10, { timeoutMs });
    for (const victim of ["w1", "n1"]) await cluster.kill(victim);
    for (const victim of ["n1", "w1"]) await cluster.restart(victim);
    const overs = async (): Promise<unknown[]> => [
      ...(await told("c1", "over")),
      ...(await told("c2", "over")),
    ];
    await cluster.until(async () => (await overs()).length >= 2, { timeoutMs });
    const elapsedMs = performance.now() - startMs;
    const counts = (await overs()) as { done: number; dead: number }[];
    const ids = ((await told("e1", "effect")) as { id: string }[]).map(({ id }) => id);
    const [done, dead] = (["done", "dead"] as const).map((kind) =>
      counts.reduce((sum, count) => sum + count[kind], 0),
    ) as [number, number];
    const effects = new Set(ids).size;
    const effectsTwice = ids.length - effects;
    return { tasks: 2 * tasksEach, done, dead, effects, effectsTwice, elapsedMs };
  } finally {
    await cluster.stop();
  }
}

function startCluster(count: number) {
  const settings = { leaseMs: 500, backoff: { baseMs: 10 } };
  const load = { kinds: ["k"], payloadBytes: 20, count };
  const worker = { protocol: of("SchedulerWorker"), peers: ["n1"], options: work };
  return processes({
    protocol: of("SchedulerServer"),
    nodes: [
      { id: "n1", peers: [], options: { settings, snapshotEvery: 100 } },
      ...["w1", "w2"].map((id) => ({ id, ...worker })),
      { id: "e1", protocol: of("EffectStore"), peers: [] },
    ],
    clients: {
      ...{ protocol: of("SchedulerClient"), count: 2, peers: ["n1"] },
      options: { load, batch: 10, window: 40, retryMs: 100, lookMs: 100 },
    },
  });
}
