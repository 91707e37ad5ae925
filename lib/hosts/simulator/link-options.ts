/** The knobs of the network, each with its unit, its default and its range. */
import { inRange } from "../../basics";
import type { NodeId } from "../../protocol";
import { checkLatency, lan } from "./latency";
import type { Latency } from "./latency";

/** How one link behaves, in one direction. */
export interface LinkOptions {
  /** One way. Default: `lan`. */
  readonly latency: Latency;
  /** Share of messages that never arrive, 0 to 1; default 0. */
  readonly lossRate: number;
  /** Share of messages that arrive twice, 0 to 1; default 0. */
  readonly duplicateRate: number;
  /** Share of messages held back, so that later ones overtake them, 0 to 1; default 0. */
  readonly reorderRate: number;
  /** A held-back message waits up to so many times its latency more; default 10. */
  readonly reorderFactor: number;
  /** All latencies are multiplied by this; default 1. */
  readonly latencyFactor: number;
  /**
   * Bytes of messages, as JSON text, that the link sends in a second, one message after the other;
   * 1 or more. Default: no limit (Infinity).
   */
  readonly bytesPerSecond: number;
  /** Messages that find more than this before them are lost, 0 or more; default 1 MiB. */
  readonly maxQueuedBytes: number;
  /**
   * Messages of one link arrive in the order in which they were sent, as over TCP; default false.
   */
  readonly isOrdered: boolean;
}

/** A rule for some links; the first rule that fits a link counts. */
export interface LinkRule extends Partial<LinkOptions> {
  /** Senders; default: all. */
  readonly from?: readonly NodeId[];
  /** Receivers; default: all. */
  readonly to?: readonly NodeId[];
}

export interface NetworkOptions extends LinkOptions {
  /** What differs from the rest, by link; default: none. See `cityLinks`. */
  readonly links: readonly LinkRule[];
}

/** What chance may do to every link for a while; see the fault `networkRates`. */
export type NetworkRates = Partial<Omit<LinkOptions, "latency" | "isOrdered">>;

export const linkDefaults: LinkOptions = {
  latency: lan,
  lossRate: 0,
  duplicateRate: 0,
  reorderRate: 0,
  reorderFactor: 10,
  latencyFactor: 1,
  bytesPerSecond: Infinity,
  maxQueuedBytes: 1_048_576,
  isOrdered: false,
};

export const linkNames: readonly string[] = Object.keys(linkDefaults);
export const ruleNames: readonly string[] = [...linkNames, "from", "to"];
const rateNames = linkNames.filter((name) => name !== "latency" && name !== "isOrdered");

/** Throws a RangeError that names the option that is out of its range. */
export function checkLink(link: LinkOptions): void {
  checkLatency(link.latency);
  for (const name of ["lossRate", "duplicateRate", "reorderRate"] as const) {
    inRange(name, link[name], { min: 0, max: 1 });
  }
  inRange("reorderFactor", link.reorderFactor, { min: 0, max: 1e6 });
  inRange("latencyFactor", link.latencyFactor, { min: 0, max: 1e6 });
  if (link.bytesPerSecond === Infinity) return;
  inRange("bytesPerSecond", link.bytesPerSecond, { min: 1, max: Number.MAX_SAFE_INTEGER });
  inRange("maxQueuedBytes", link.maxQueuedBytes, { min: 0, max: Number.MAX_SAFE_INTEGER });
}

export function checkRates(rates: NetworkRates): void {
  checkNames("networkRates", rates, rateNames);
  checkLink({ ...linkDefaults, ...rates });
}

/** Throws a RangeError for a name that is not one of those known. */
export function checkNames(what: string, given: object, known: readonly string[]): void {
  for (const name of Object.keys(given)) {
    if (known.includes(name)) continue;
    throw new RangeError(`${what} has no "${name}"; there are ${known.join(", ")}`);
  }
}
