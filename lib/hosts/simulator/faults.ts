/**
 * Every fault of the simulator: named, typed, and data, so that a schedule can be printed, stored
 * and shrunk. Where a fault takes names, the name of a machine stands for all nodes on it.
 */
import type { NetworkRates } from "./network";

/** What a machine's disk holds after a crash. */
export type Disk = "kept" | "lost";

export type Fault =
  | { readonly kind: "crash"; readonly names: readonly string[]; readonly disk: Disk }
  | { readonly kind: "restart"; readonly names: readonly string[] }
  | { readonly kind: "pause"; readonly names: readonly string[] }
  | { readonly kind: "resume"; readonly names: readonly string[] }
  | { readonly kind: "slow"; readonly names: readonly string[]; readonly factor: number }
  | { readonly kind: "partition"; readonly groups: readonly (readonly string[])[] }
  | { readonly kind: "cut"; readonly from: readonly string[]; readonly to: readonly string[] }
  | { readonly kind: "heal" }
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
 * The machines of these nodes stop: fields, timers and everything that is on its way to them are
 * gone. What was saved stays, unless the disk is lost too. Default: kept.
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
 * are timers, so this is slow work. 1 is the normal speed; pending timers are stretched too.
 */
export function slow(names: readonly string[], factor: number): Fault {
  return { kind: "slow", names, factor };
}

/** No message passes between nodes of different groups, either way; others are not concerned. */
export function partition(...groups: readonly (readonly string[])[]): Fault {
  return { kind: "partition", groups };
}

/** The one-way partition: nothing gets from `from` to `to`, answers still come back. */
export function cut(from: readonly string[], to: readonly string[]): Fault {
  return { kind: "cut", from, to };
}

/** All partitions and cuts end. */
export function heal(): Fault {
  return { kind: "heal" };
}

/** Loss, duplication, reordering, delay on every link; `networkRates({})` ends it. */
export function networkRates(rates: NetworkRates): Fault {
  return { kind: "networkRates", rates };
}

/** A fault in words, for traces and figures. */
export function faultLabel(fault: Fault): string {
  switch (fault.kind) {
    case "partition":
      return `partition ${fault.groups.map((group) => group.join(" ")).join(" | ")}`;
    case "cut":
      return `cut ${fault.from.join(" ")} -> ${fault.to.join(" ")}`;
    case "heal":
      return "heal";
    case "networkRates": {
      const rates = Object.entries(fault.rates).map(([name, value]) => `${name} ${value}`);
      return rates.length === 0 ? "network as before" : rates.join(", ");
    }
    case "slow":
      return `slow ${fault.names.join(" ")} x ${fault.factor}`;
    case "crash":
      return `crash ${fault.names.join(" ")}${fault.disk === "lost" ? ", disk lost" : ""}`;
    default:
      return `${fault.kind} ${fault.names.join(" ")}`;
  }
}
