/** The knobs of random faults, each with its unit, its default and its range. */
import type { Disk } from "./faults";

/** How often and how long; ms. */
export interface Episodes {
  /** Mean gap between the end of one and the start of the next, 1 ms or more. */
  readonly everyMs: number;
  /** The duration is drawn evenly between these two, 0 or more. */
  readonly minMs: number;
  readonly maxMs: number;
}

/** Of these machines or nodes only; default: all that the schedule names. */
interface Some {
  readonly names?: readonly string[];
}

export interface RandomFaultOptions {
  readonly seed: number;
  /** Names of machines or nodes that may be struck. */
  readonly names: readonly string[];
  /** When the last fault has ended. */
  readonly untilMs: number;
  /** `disk`: what a crash leaves; "either" draws kept or lost, "any" torn too. Default "kept". */
  readonly crash?: Episodes & { readonly disk?: Disk | "either" | "any" };
  readonly pause?: Episodes;
  /** Up to `maxFactor` times as slow, 1 or more. */
  readonly slow?: Episodes & Some & { readonly maxFactor: number };
  /**
   * Halves, one machine alone, or one-way cuts; and rings of majorities, for the share `ringRate`
   * of them, 0 to 1, default 0, where there are four names or more.
   */
  readonly partition?: Episodes & Some & { readonly ringRate?: number };
  /** Rates are drawn from 0 to these; bandwidth, every second time, from 1 to 100 times this. */
  readonly network?: Episodes & {
    readonly maxLossRate: number;
    readonly maxDuplicateRate?: number;
    readonly maxReorderRate?: number;
    readonly maxLatencyFactor?: number;
    readonly minBytesPerSecond?: number;
  };
  /** A node's way in, way out or both, or the links between some and others. */
  readonly clog?: Episodes & Some;
  /** Some nodes are clogged one by one, and unclogged one by one in another order. */
  readonly swizzle?: Episodes & Some;
  /** Clocks run fast or slow by up to so many parts per million, at most 500,000. */
  readonly drift?: Episodes & Some & { readonly maxPpm: number };
  /** Clocks jump forward or back by up to so much; nothing sets them right. */
  readonly jumpClock?: Some & { readonly everyMs: number; readonly maxJumpMs: number };
  /** Writes take about so long: up to `maxWriteMs` in the mean. */
  readonly slowDisk?: Episodes & Some & { readonly maxWriteMs: number };
  /** So many machines at most have a bit flip on their disk, for good, at any time. */
  readonly corrupt?: Some & { readonly maxMachines: number };
  /** The chance of each kind to be left out of this seed's storm, 0 to 1; default 0. */
  readonly omitRate?: number;
}

/** The options that say what strikes. */
export type FaultKind = Exclude<
  keyof RandomFaultOptions,
  "seed" | "names" | "untilMs" | "omitRate"
>;

/** In the order in which they draw: a new one is added at the end. */
export const faultKinds: readonly FaultKind[] = [
  ...(["crash", "pause", "slow", "partition", "network"] as const),
  ...(["clog", "swizzle", "drift", "jumpClock", "slowDisk", "corrupt"] as const),
];
