/** What one seed of a scheduler storm draws: a whole experiment, as plain data. */
import { Random } from "../../basics";
import type { RandomFaultOptions } from "../../hosts";
import type { RaftOptions } from "../../consensus/raft";
import type { BoardSettings } from "../board";
import type { BoardCommand } from "../board/commands";
import type { TaskSpec } from "../task";

type Faults = Omit<RandomFaultOptions, "seed" | "names" | "untilMs">;

export interface SchedulerStormPlan {
  readonly seed: number;
  readonly servers: number;
  readonly workers: number;
  readonly clients: number;
  readonly tasksEach: number;
  /** A client that goes on with urgent tasks to the end, more than the workers can do. */
  readonly isFlooded: boolean;
  readonly faultsMs: number;
  readonly maxLatencyMs: number;
  /** A write of a server's disk takes about so long; 0: no time. */
  readonly diskMs: number;
  readonly snapshotEvery: number;
  readonly machine: string;
  readonly settings: Partial<BoardSettings>;
  readonly raft: Partial<RaftOptions>;
  /** Of tasks of the kind "k", how many attempts fail; those of the kind "poison" all do. */
  readonly failRate: number;
  readonly serviceMs: number;
  /** What the operator does in the course of it. */
  readonly hasOperator: boolean;
  readonly serverFaults: Faults;
  readonly workerFaults: Faults;
  readonly clientFaults: Faults;
  readonly storeFaults: Faults;
}

const settings: Partial<BoardSettings> = {
  ...{ epochMs: 59_000, leaseMs: 400, ageingMs: 300, patienceMs: 2_000, maxAttempts: 4 },
  backoff: { baseMs: 20, capMs: 200 },
  weights: { dadar: 2 },
  limits: [{ kind: "mail", perSecond: 40, burst: 2 }],
};

export function planOf(
  seed: number,
  changes: Partial<SchedulerStormPlan> = {},
): SchedulerStormPlan {
  const random = new Random(seed, 80);
  return {
    seed,
    servers: random.pick([1, 1, 3]),
    workers: 3,
    clients: 2,
    tasksEach: 24,
    isFlooded: random.chance(0.3),
    faultsMs: 3_000,
    maxLatencyMs: random.pick([2, 8, 20]),
    diskMs: random.chance(0.5) ? random.between(0.2, 4) : 0,
    snapshotEvery: random.pick([10, 40, 10_000]),
    machine: "task board",
    raft: { snapshotEvery: random.pick([10, 40, 10_000]), trailingEntries: random.pick([0, 5]) },
    failRate: random.pick([0, 0.1, 0.3]),
    serviceMs: random.pick([5, 30]),
    hasOperator: random.chance(0.5),
    serverFaults: {
      omitRate: 0.3,
      crash: { everyMs: 500, minMs: 10, maxMs: 500, disk: random.pick(["kept", "torn"] as const) },
      pause: { everyMs: 900, minMs: 10, maxMs: 700 },
      partition: { everyMs: 900, minMs: 50, maxMs: 800 },
      network: { everyMs: 600, minMs: 100, maxMs: 800, maxLossRate: 0.3, maxDuplicateRate: 0.5 },
      clog: { everyMs: 1_000, minMs: 50, maxMs: 600 },
      jumpClock: { everyMs: 1_500, maxJumpMs: 50_000 },
    },
    workerFaults: {
      omitRate: 0.2,
      crash: { everyMs: 500, minMs: 10, maxMs: 700 },
      pause: { everyMs: 500, minMs: 10, maxMs: 1_200 },
      drift: { everyMs: 1_000, minMs: 100, maxMs: 1_500, maxPpm: 50_000 },
    },
    clientFaults: {
      omitRate: 0.3,
      crash: { everyMs: 1_200, minMs: 10, maxMs: 700 },
      pause: { everyMs: 1_000, minMs: 10, maxMs: 700 },
    },
    storeFaults: {
      omitRate: 0.5,
      crash: { everyMs: 900, minMs: 10, maxMs: 300, disk: random.pick(["kept", "torn"] as const) },
    },
    ...changes,
    settings: {
      ...settings,
      ...(random.chance(0.3) && { maxWaiting: 20 }),
      ...changes.settings,
    },
  };
}

/** What one client submits: kinds, tenants and families of every sort. */
export function drawTasks(plan: SchedulerStormPlan, client: string): readonly TaskSpec[] {
  const random = new Random(plan.seed, 81 + Number(client.slice(1)));
  const ids: string[] = [];
  return Array.from({ length: plan.tasksEach }, (_, at): TaskSpec => {
    const id = `${client}/${at}`;
    const kind = random.pick(["k", "k", "k", "mail", "image", "poison"]);
    const parents = random.chance(0.35) ? random.shuffle(ids.slice(-5)).slice(0, 2) : [];
    ids.push(id);
    return {
      ...{ id, kind, payload: { of: id }, tenant: random.pick(["dadar", "thane", "everyone"]) },
      priority: random.below(10),
      ...(parents.length > 0 && { after: parents }),
      ...(random.chance(0.15) && { delayMs: random.below(800) }),
      ...(random.chance(0.2) && { deadlineMs: 200 + random.below(1_000) }),
      ...(random.chance(0.1) && { expiresMs: 500 + random.below(3_000) }),
      ...(random.chance(0.1) && { timeoutMs: 40 + random.below(400) }),
      ...(kind === "image" && { needs: ["gpu"] }),
    };
  });
}

/** The operator cancels, drains, tries dead letters again, and has a cron job. */
export function drawCommands(plan: SchedulerStormPlan): readonly BoardCommand[] {
  const random = new Random(plan.seed, 79);
  const some = (): string[] =>
    Array.from({ length: 4 }, () => `c${1 + random.below(2)}/${random.below(plan.tasksEach)}`);
  const all = Array.from({ length: 2 * plan.tasksEach }, (_, at) => `c${1 + (at % 2)}/${at >> 1}`);
  return [
    { op: "cron", name: "tiffin", expression: "* * * * *", task: { kind: "k" } },
    { op: "cancel", ids: some() },
    { op: "drain", worker: "w1" },
    { op: "drain", worker: null },
    { op: "drain", worker: null, isOver: true },
    { op: "cancel", ids: some() },
    { op: "redrive", ids: all },
    { op: "cron", name: "tiffin", expression: null },
  ];
}
