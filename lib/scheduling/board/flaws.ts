/**
 * What is wrong with a submission, a cron job, or a worker's words, in one sentence; undefined:
 * nothing. A command that got further and threw would be in the log, and throw again at each start.
 */
import { checkBackoff } from "../backoff";
import type { TaskSpec } from "../task";
import type { BoardCommand, Failed, Held, Work } from "./commands";

const maxNameLength = 256;
const maxParents = 1_000;
const maxNeeds = 16;
const tenYearsMs = 315_576_000_000;
/** Of one submission. */
const maxBatch = 10_000;
const maxCapacity = 100_000;
/** So that the names of its tasks are not too long. */
const maxCronName = 200;

export function flawOfBatch(tasks: readonly TaskSpec[]): string | undefined {
  if (!Array.isArray(tasks) || tasks.length > maxBatch) {
    return `a submission is a list of at most ${maxBatch} tasks`;
  }
  const ids = new Set<string>();
  for (const task of tasks) {
    const flaw = flawOf(task);
    if (flaw !== undefined) return flaw;
    if (ids.has(task.id)) return `the submission has two tasks with the id "${task.id}"`;
    ids.add(task.id);
  }
  return undefined;
}

export function flawOf(task: TaskSpec): string | undefined {
  if (typeof task !== "object" || task === null) return "a task is an object";
  const { id, kind, tenant = "everyone" } = task;
  if (!isName(id)) return `a task's id must be text of 1 to ${maxNameLength} characters`;
  if (!isName(kind))
    return `the kind of task "${id}" must be text of 1 to ${maxNameLength} characters`;
  if (!isName(tenant)) return `the tenant of task "${id}" must be text`;
  return flawOfNumbers(task) ?? flawOfLists(task) ?? flawOfBackoff(task);
}

const ranges = {
  priority: [0, 9],
  delayMs: [0, tenYearsMs],
  deadlineMs: [0, tenYearsMs],
  expiresMs: [1, tenYearsMs],
  timeoutMs: [1, tenYearsMs],
  maxAttempts: [1, 1_000_000],
  cost: [1e-6, 1e6],
} as const;

function flawOfNumbers(task: TaskSpec): string | undefined {
  for (const name of Object.keys(ranges) as (keyof typeof ranges)[]) {
    const value = task[name];
    if (value === undefined) continue;
    const [min, max] = ranges[name];
    const isWhole = name !== "priority" && name !== "maxAttempts" ? true : Number.isInteger(value);
    if (Number.isFinite(value) && value >= min && value <= max && isWhole) continue;
    const what = isWhole ? `from ${min} to ${max}` : "a whole number";
    return `${name} of task "${task.id}" must be ${what}, but was ${String(value)}`;
  }
  return undefined;
}

function flawOfLists({ id, needs = [], after = [] }: TaskSpec): string | undefined {
  const areNeeds = Array.isArray(needs) && needs.length <= maxNeeds && needs.every(isName);
  if (!areNeeds) return `needs of task "${id}" must be a list of at most ${maxNeeds} names`;
  const areParents = Array.isArray(after) && after.length <= maxParents && after.every(isName);
  return areParents ? undefined : `after of task "${id}" must be a list of at most 1,000 ids`;
}

function flawOfBackoff({ id, backoff = {} }: TaskSpec): string | undefined {
  try {
    checkBackoff(backoff);
    return undefined;
  } catch (error) {
    return `backoff of task "${id}": ${(error as Error).message}`;
  }
}

/** `task` is there: without it a cron job is none. */
export function flawOfCron(
  { name }: Extract<BoardCommand, { op: "cron" }>,
  task: Omit<TaskSpec, "id">,
): string | undefined {
  if (!isName(name) || name.length > maxCronName) {
    return `a cron job's name must be text of 1 to ${maxCronName} characters`;
  }
  if (typeof task !== "object" || task === null) return "a task is an object";
  if (task.after !== undefined) return `cron job "${name}" has a task that waits for others`;
  return flawOf({ ...task, id: `${name}@TIME` });
}

export function flawOfWork(command: Work): string | undefined {
  const { worker, incarnation, sequence, capabilities, capacity } = command;
  if (!isName(worker)) return "a worker has a name";
  if (!Array.isArray(incarnation) || incarnation.length !== 2) return "incarnation is two numbers";
  if (!Number.isInteger(sequence)) return "sequence is a whole number";
  if (!Array.isArray(capabilities) || !capabilities.every(isName)) {
    return "capabilities are a list of names";
  }
  const isRoom = Number.isInteger(capacity) && capacity >= 0 && capacity <= maxCapacity;
  if (!isRoom) return `capacity must be from 0 to ${maxCapacity}`;
  for (const name of ["finished", "failed", "returned", "held"] as const) {
    const attempts: readonly Held[] | undefined = command[name];
    const areAttempts = Array.isArray(attempts) && attempts.every(isAttempt);
    if (attempts !== undefined && !areAttempts) return `${name} is a list of ids and attempts`;
  }
  const hasReasons = (command.failed ?? []).every(hasReason);
  return hasReasons ? undefined : "failed says the reason of each, as text";
}

function isAttempt(one: Held | null | undefined): boolean {
  return typeof one === "object" && typeof one?.id === "string" && Number.isInteger(one.attempt);
}

function hasReason({ reason }: Failed): boolean {
  return typeof reason === "string";
}

function isName(name: unknown): name is string {
  return typeof name === "string" && name.length > 0 && name.length <= maxNameLength;
}
