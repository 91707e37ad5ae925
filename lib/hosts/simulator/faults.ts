/**
 * Every fault of the simulator: named, typed, and data, so that a schedule can be printed, stored
 * and shrunk. Where a fault takes names, the name of a machine stands for all nodes on it.
 */
import type { Direction } from "./clogs";
import type { Latency } from "./latency";
import type { NetworkRates } from "./link-options";

/**
 * What a machine's disk holds after a crash: what was durable; nothing; or what was durable and the
 * first few saves of the write that was under way. A disk without `writeMs` has no such write.
 */
export type Disk = "kept" | "lost" | "torn";

interface Named<K extends string> {
  readonly kind: K;
  readonly names: readonly string[];
}

interface OneWay<K extends string> {
  readonly kind: K;
  readonly from: readonly string[];
  readonly to: readonly string[];
}

export type Fault =
  | (Named<"crash"> & { readonly disk: Disk })
  | Named<"restart">
  | Named<"pause">
  | Named<"resume">
  | (Named<"slow"> & { readonly factor: number })
  | (Named<"jumpClock"> & { readonly byMs: number })
  | (Named<"drift"> & { readonly ppm: number })
  | (Named<"slowDisk"> & { readonly writeMs?: Latency })
  | Named<"corrupt">
  | { readonly kind: "partition"; readonly groups: readonly (readonly string[])[] }
  | Named<"majoritiesRing">
  | OneWay<"cut">
  | { readonly kind: "heal" }
  | (Named<"clog"> & { readonly direction: Direction })
  | Named<"unclog">
  | OneWay<"clogLinks">
  | OneWay<"unclogLinks">
  | { readonly kind: "networkRates"; readonly rates: NetworkRates };

/** A fault and when it strikes. */
export interface ScheduledFault {
  readonly atMs: number;
  readonly fault: Fault;
}

/** `at(1_000, partition(["n1"], ["n2", "n3"]))`: for `Simulator.schedule`. */
export function at(atMs: number, fault: Fault): ScheduledFault {
  return { atMs, fault };
}

/**
 * The machines of these nodes stop: fields, timers, saves that are not durable yet, sends that wait
 * for them and everything that is on its way to them are gone. `disk` says what is left of the
 * saves; default: kept.
 */
export function crash(names: readonly string[], disk: Disk = "kept"): Fault {
  return { kind: "crash", names, disk };
}

/**
 * New nodes in the place of crashed ones, started with what was saved; no effect on living ones.
 */
export function restart(names: readonly string[]): Fault {
  return { kind: "restart", names };
}

/** The machines stand still, as in a long garbage collection: timers and messages wait. */
export function pause(names: readonly string[]): Fault {
  return { kind: "pause", names };
}

/** Paused machines go on, and find their clock ahead and everything that has waited. */
export function resume(names: readonly string[]): Fault {
  return { kind: "resume", names };
}

/**
 * Timers of these nodes (not of others on their machine) last `factor` times as long: service times
 * are timers, so this is slow work. 0.001 to a million; 1 is the normal speed; pending timers are
 * stretched too.
 */
export function slow(names: readonly string[], factor: number): Fault {
  return { kind: "slow", names, factor };
}

/** The machines' clocks leap by `byMs`, back for less than 0, at most a year. Timers do not. */
export function jumpClock(names: readonly string[], byMs: number): Fault {
  return { kind: "jumpClock", names, byMs };
}

/**
 * The machines' clocks run fast by so many parts per million, slow for less than 0, at most
 * 500,000; 0 is the right rate. Timers, pending ones too, go by them.
 */
export function drift(names: readonly string[], ppm: number): Fault {
  return { kind: "drift", names, ppm };
}

/** Writes of these machines' disks take so long from now on; without `writeMs`, as before. */
export function slowDisk(names: readonly string[], writeMs?: Latency): Fault {
  return writeMs === undefined ? { kind: "slowDisk", names } : { kind: "slowDisk", names, writeMs };
}

/**
 * A bit of what these machines have saved flips. Running nodes do not notice; but their next start
 * reads it, its checksum is wrong, and they refuse to start, until a crash with disk "lost" stands
 * for a new disk.
 */
export function corrupt(names: readonly string[]): Fault {
  return { kind: "corrupt", names };
}

/** No message passes between nodes of different groups, either way; others are not concerned. */
export function partition(...groups: readonly (readonly string[])[]): Fault {
  return { kind: "partition", groups };
}

/**
 * Each of four or more nodes hears a majority, itself among them, but each another one: its
 * neighbours in the ring of the names. A partial partition that no one node can see.
 */
export function majoritiesRing(names: readonly string[]): Fault {
  return { kind: "majoritiesRing", names };
}

/** The one-way partition: nothing gets from `from` to `to`, answers still come back. */
export function cut(from: readonly string[], to: readonly string[]): Fault {
  return { kind: "cut", from, to };
}

/** All partitions, rings and cuts end; clogs do not. */
export function heal(): Fault {
  return { kind: "heal" };
}

/** What comes to these nodes, goes from them, or both (default), is held until `unclog`. */
export function clog(names: readonly string[], direction: Direction = "both"): Fault {
  return { kind: "clog", names, direction };
}

/** What was held at these nodes arrives now, in the order in which it would have arrived. */
export function unclog(names: readonly string[]): Fault {
  return { kind: "unclog", names };
}

/** What goes from `from` to `to` is held until `unclogLinks`; other links are as they were. */
export function clogLinks(from: readonly string[], to: readonly string[]): Fault {
  return { kind: "clogLinks", from, to };
}

/** What was held on these links arrives now, unless a node at their end is clogged itself. */
export function unclogLinks(from: readonly string[], to: readonly string[]): Fault {
  return { kind: "unclogLinks", from, to };
}

/** Loss, duplication, delay, bandwidth... on every link; `networkRates({})` ends it. */
export function networkRates(rates: NetworkRates): Fault {
  return { kind: "networkRates", rates };
}
