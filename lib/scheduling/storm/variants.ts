/**
 * Planted bugs: the scheduler with one rule broken each. Storms that do not find them are worth
 * nothing, so each must be found; `npm run mutants` says how soon.
 */
import { registerMachine } from "../../consensus/raft";
import { withIds } from "../../hosts";
import type { Variant } from "../../hosts";
import { aroundHost } from "../../protocol";
import type { Event, Host } from "../../protocol";
import { boardMachine } from "../board/machine";
import type { BoardRules } from "../board/rules";
import { EffectStore } from "../effect-store";
import type { EffectAnswer, EffectRequest, SchedulerMessage, SchedulerTimer } from "../messages";
import { SchedulerServer } from "../scheduler-server";
import type { SchedulerParts } from "../simulation/scheduler-cluster";
import type { Lease } from "../task";
import { SchedulerWorker } from "../worker";
import type { SchedulerStormPlan } from "./plan";

export interface SchedulerVariant extends Variant<SchedulerStormPlan> {
  readonly parts: SchedulerParts;
}

type ServerHost = Host<SchedulerMessage, SchedulerTimer>;
type ServerEvent = Event<SchedulerMessage, SchedulerTimer>;

/** What is said leaves before what it rests on is saved. */
class HastyServer extends SchedulerServer {
  override handle(event: ServerEvent, host: ServerHost): void {
    const saves: [string, unknown][] = [];
    super.handle(event, aroundHost(host, { save: (...save) => void saves.push(save) }));
    for (const [key, value] of saves) host.save(key, value);
  }
}

/** The log is cut before the snapshot that stands for it is there: that comes a step later. */
class CuttingServer extends SchedulerServer {
  private late: [string, unknown][] = [];

  override handle(event: ServerEvent, host: ServerHost): void {
    for (const [key, value] of this.late) host.save(key, value);
    this.late = [];
    const save: ServerHost["save"] = (key, value) => {
      if (key.startsWith("snapshot")) this.late.push([key, value]);
      else host.save(key, value);
    };
    super.handle(event, aroundHost(host, { save }));
  }
}

/** Applies what it is asked for, as often as it is asked. */
class CountlessStore extends EffectStore {
  protected override apply(request: EffectRequest, host: ServerHost): EffectAnswer["outcome"] {
    const { id, attempt, value } = request;
    const times = (this.effects.get(id)?.times ?? 0) + 1;
    this.keep(id, { attempt, value, times }, host);
    return { kind: "applied", value };
  }
}

/** Says that a task is done, and then sees to its effect. */
class BoastfulWorker extends SchedulerWorker {
  protected override complete(lease: Lease, result: unknown, host: ServerHost): void {
    super.complete(lease, result, host);
    this.finish(lease, result, host);
  }
}

const crashing = { crash: { everyMs: 250, minMs: 5, maxMs: 200, disk: "torn" } } as const;
const lossy = {
  workerFaults: { crash: { everyMs: 600, minMs: 10, maxMs: 400 } },
  serverFaults: {
    network: { everyMs: 200, minMs: 300, maxMs: 1_500, maxLossRate: 0.4, maxDuplicateRate: 0.5 },
  },
} as const;
const pausing = {
  workerFaults: { pause: { everyMs: 300, minMs: 300, maxMs: 1_200 } },
  servers: 1,
} as const;
const single = { servers: 1, diskMs: 4, serverFaults: crashing } as const;
const snapshots = { ...single, snapshotEvery: 10, diskMs: 1 } as const;

/** The board with some rules replaced, as part of a plan. */
function withRules(name: string, changes: Partial<BoardRules>) {
  registerMachine(boardMachine(`task board: ${name}`, changes));
  return { machine: `task board: ${name}` };
}

let drawn = 0;

type Planted = Omit<SchedulerVariant, "id" | "parts"> & { readonly parts?: SchedulerParts };

const planted: readonly Planted[] = [
  {
    name: "an outcome of an old attempt is taken",
    section: "fencing",
    plan: {
      ...pausing,
      ...withRules("fencing", { isCurrent: ({ status }) => status === "running" }),
    },
  },
  {
    name: "a repeated submission is a new task",
    section: "idempotency",
    plan: {
      ...lossy,
      ...withRules("idempotency", { isKnown: (task): task is never => task === null }),
    },
  },
  {
    name: "a silent worker keeps its tasks",
    section: "leases",
    plan: withRules("leases", { isSilent: () => false }),
  },
  {
    name: "children do not wait for their parents",
    section: "dependencies",
    plan: withRules("dependencies", { missing: () => 0 }),
  },
  {
    name: "one parent that is done is enough",
    section: "dependencies",
    plan: withRules("one parent", {
      missing: (parents) => {
        const isOpen = parents.every((parent) => parent?.status !== "done");
        return parents.length > 0 && isOpen ? 1 : 0;
      },
    }),
  },
  {
    name: "children of dead letters wait for ever",
    section: "dependencies",
    plan: withRules("orphans", { orphans: () => [] }),
  },
  {
    name: "a poisonous task is tried again and again",
    section: "dead letters",
    plan: withRules("poison", { isHopeless: () => false }),
  },
  {
    name: "dead letters lose their cause in a snapshot",
    section: "dead letters",
    plan: {
      ...snapshots,
      ...withRules("cause", {
        snapshot: (json) => ({
          ...json,
          tasks: json.tasks.map((task) => {
            if (task.ending?.kind !== "dead") return task;
            return { ...task, ending: { ...task.ending, detail: "", failures: [] } };
          }),
        }),
      }),
    },
  },
  {
    name: "leases that were lost on their way are not sent again",
    section: "heartbeats",
    plan: { ...lossy, ...withRules("unheard", { unheard: () => [] }) },
  },
  {
    name: "attempts are not in the snapshot",
    section: "fencing",
    plan: {
      ...snapshots,
      ...withRules("attempts", {
        snapshot: (json) => ({
          ...json,
          tasks: json.tasks.map((task) => ({ ...task, attempt: task.ending ? task.attempt : 0 })),
        }),
      }),
    },
  },
  {
    name: "a token for each task and not for each attempt",
    section: "fencing",
    plan: { ...pausing, ...withRules("tokens", { nextAttempt: () => 1 }) },
  },
  {
    name: "jitter that each replica draws for itself",
    section: "retries",
    plan: {
      servers: 3,
      failRate: 0.3,
      ...withRules("jitter", { retryMs: () => (37 * ++drawn) % 200 }),
    },
  },
  {
    name: "no ageing",
    section: "Jackson 1962",
    plan: {
      isFlooded: true,
      ...withRules("ageing", {
        urgency: ({ priority = 5 }, fromMs) => 1e12 * priority + fromMs,
      }),
    },
  },
  {
    name: "answers leave before the log is saved",
    section: "write-ahead log",
    parts: { server: HastyServer },
    plan: single,
  },
  {
    name: "the log is cut before the snapshot is there",
    section: "write-ahead log",
    parts: { server: CuttingServer },
    plan: { ...single, snapshotEvery: 3, diskMs: 10 },
  },
  {
    name: "a store that does not know its effects",
    section: "effects",
    parts: { store: CountlessStore },
    plan: lossy,
  },
  {
    name: "a worker that says done before its effect",
    section: "effects",
    parts: { worker: BoastfulWorker },
    plan: lossy,
  },
];

export const schedulerVariants: readonly SchedulerVariant[] = withIds<SchedulerVariant>(
  planted.map((bug) => ({ parts: {}, ...bug })),
);
