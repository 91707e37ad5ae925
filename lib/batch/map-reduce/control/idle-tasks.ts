/**
 * Which idle task a worker is given: a map task whose split lies on its own machine, else one with
 * a copy in its rack, else any; reduce tasks when all maps are done.
 *
 * Source: Dean and Ghemawat 2004, section 3.4 (locality).
 * Cost: O(1) amortised: queues by worker and rack, in which tasks that are no longer idle are
 * passed over. Plain data, so that the coordinator can be cloned.
 */
import type { NodeId } from "../../../protocol";
import type { Plan } from "./messages";
import { isIdle } from "./task-table";
import type { TaskEntry, TaskTable } from "./task-table";

/** How far a map task is from its input. */
export type Nearness = "local" | "rack" | "remote";

interface Queue {
  readonly taskIds: number[];
  head: number;
}

export interface IdleTasks {
  readonly racks: Readonly<Record<NodeId, string>>;
  readonly maps: Queue;
  readonly reduces: Queue;
  readonly byWorker: Map<NodeId, Queue>;
  readonly byRack: Map<string, Queue>;
}

export function makeIdleTasks(plan: Plan, tasks: readonly TaskEntry[]): IdleTasks {
  const idle: IdleTasks = {
    racks: plan.racks ?? {},
    maps: makeQueue(),
    reduces: makeQueue(),
    byWorker: new Map(),
    byRack: new Map(),
  };
  for (const task of tasks) addIdle(idle, task);
  return idle;
}

/** To be called whenever a task has become idle. */
export function addIdle(idle: IdleTasks, task: TaskEntry): void {
  const { taskId, kind, split } = task;
  if (kind === "reduce") return void idle.reduces.taskIds.push(taskId);
  idle.maps.taskIds.push(taskId);
  const racks = new Set<string>();
  for (const worker of split?.replicas ?? []) {
    queueOf(idle.byWorker, worker).taskIds.push(taskId);
    const rack = idle.racks[worker];
    if (rack !== undefined) racks.add(rack);
  }
  for (const rack of racks) queueOf(idle.byRack, rack).taskIds.push(taskId);
}

/** The best idle task for the worker that may start now; it stays idle until it is assigned. */
export function nextIdle(idle: IdleTasks, table: TaskTable, worker: NodeId): TaskEntry | undefined {
  const rack = idle.racks[worker];
  const map =
    first(idle.byWorker.get(worker), table) ??
    (rack === undefined ? undefined : first(idle.byRack.get(rack), table)) ??
    first(idle.maps, table);
  if (map !== undefined || table.open.map > 0) return map;
  return first(idle.reduces, table);
}

/** Undefined where the places of the input are not known. */
export function nearness(
  { racks }: Pick<IdleTasks, "racks">,
  replicas: readonly NodeId[] | undefined,
  worker: NodeId,
): Nearness | undefined {
  if (replicas === undefined) return undefined;
  if (replicas.includes(worker)) return "local";
  const rack = racks[worker];
  const isInRack = rack !== undefined && replicas.some((replica) => racks[replica] === rack);
  return isInRack ? "rack" : "remote";
}

function makeQueue(): Queue {
  return { taskIds: [], head: 0 };
}

function queueOf(queues: Map<string, Queue>, name: string): Queue {
  const known = queues.get(name) ?? makeQueue();
  queues.set(name, known);
  return known;
}

function first(queue: Queue | undefined, { tasks }: TaskTable): TaskEntry | undefined {
  if (queue === undefined) return undefined;
  for (; queue.head < queue.taskIds.length; queue.head++) {
    const task = tasks[queue.taskIds[queue.head] as number] as TaskEntry;
    if (isIdle(task)) return task;
  }
  return undefined;
}
