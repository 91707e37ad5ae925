/** Which group of servers has a lock, and which of several groups an event is about. */
import { evenNodes, JumpHash } from "../../partitioning";
import { aroundHost } from "../../protocol";
import type { Event } from "../../protocol";
import type { LeaseHost, LockGroups } from "../leases";
import type { LockMessage, LockTimer } from "../messages";

/** From 0. Every client and server must count the same groups: else two groups have one lock. */
export function groupOf(name: string, groups: number): number {
  const numbers = Array.from({ length: groups }, (_, group) => `${group}`);
  return Number(new JumpHash(evenNodes(numbers)).owner(name));
}

/** The locks of a batch by group, in the order in which all clients take them. */
export interface Part {
  readonly group: number;
  readonly names: readonly string[];
}

export function partsOf(names: readonly string[], groups: number): Part[] {
  return Array.from({ length: groups }, (_, group) => {
    return { group, names: names.filter((name) => groupOf(name, groups) === group).sort() };
  }).filter((part) => part.names.length > 0);
}

/** What a session with one group does, kept apart from the sessions with the others. */
export function hostFor(group: number, host: LeaseHost): LeaseHost {
  const own = (timer: LockTimer): LockTimer => `${group}/${timer}` as LockTimer;
  return aroundHost<LockMessage, LockTimer>(host, {
    setTimer: (timer, afterMs) => host.setTimer(own(timer), afterMs),
    cancelTimer: (timer) => host.cancelTimer(own(timer)),
    save: (key, value) => host.save(`${group}/${key}`, value),
  });
}

export function savedBy(
  group: number,
  saved: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const prefix = `${group}/`;
  const own = Object.entries(saved).filter(([key]) => key.startsWith(prefix));
  return Object.fromEntries(own.map(([key, value]) => [key.slice(prefix.length), value]));
}

type LeaseEvent = Event<LockMessage, LockTimer>;

/** The event as the session with that group has it; undefined: it is none of its own. */
export function eventFor(
  group: number,
  groups: LockGroups,
  event: LeaseEvent,
): LeaseEvent | undefined {
  if (event.kind === "message") return groups[group].includes(event.from) ? event : undefined;
  if (event.kind !== "timer" || !event.timer.startsWith(`${group}/`)) return undefined;
  return { kind: "timer", timer: event.timer.slice(`${group}/`.length) as LockTimer };
}
