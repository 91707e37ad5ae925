/** The simulated network: what becomes of each message, by link, by chance and by cut links. */
import { inRange } from "../../basics";
import type { Random } from "../../basics";
import type { LossReason, NodeId } from "../../protocol";
import { checkLatency, drawLatency, lan } from "./latency";
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
  /** What differs from the rest, by link; default: none. */
  readonly links: readonly LinkRule[];
}

/** What chance may do to every link for a while; see the fault `networkRates`. */
export type NetworkRates = Partial<Omit<LinkOptions, "latency" | "isOrdered">>;

export type Fate =
  | { readonly kind: "arrives"; readonly afterMs: readonly number[] }
  | { readonly kind: "lost"; readonly reason: LossReason };

interface Cut {
  readonly from: ReadonlySet<NodeId>;
  readonly to: ReadonlySet<NodeId>;
}

const defaults: LinkOptions = {
  latency: lan,
  lossRate: 0,
  duplicateRate: 0,
  reorderRate: 0,
  reorderFactor: 10,
  latencyFactor: 1,
  isOrdered: false,
};

export class Network {
  private readonly base: LinkOptions;
  private readonly rules: readonly { from?: Set<NodeId>; to?: Set<NodeId>; link: LinkOptions }[];
  private readonly links = new Map<NodeId, Map<NodeId, LinkOptions>>();
  private cuts: Cut[] = [];
  private rates: NetworkRates | undefined;

  /** Throws a RangeError for a rate that is not one. */
  constructor(
    options: Partial<NetworkOptions>,
    private readonly random: Random,
  ) {
    const { links = [], ...base } = options;
    this.base = { ...defaults, ...base };
    checkLink(this.base);
    this.rules = links.map(({ from, to, ...rule }) => {
      const link = { ...this.base, ...rule };
      checkLink(link);
      return { from: from && new Set(from), to: to && new Set(to), link };
    });
  }

  /** The fate of a message that is sent now. */
  fate(from: NodeId, to: NodeId): Fate {
    if (this.isCut(from, to)) return { kind: "lost", reason: "cut" };
    const own = this.linkOf(from, to);
    const link = this.rates === undefined ? own : { ...own, ...this.rates };
    const { random } = this;
    if (link.lossRate > 0 && random.chance(link.lossRate)) return { kind: "lost", reason: "loss" };
    const afterMs = [this.delay(link)];
    if (link.duplicateRate > 0 && random.chance(link.duplicateRate)) afterMs.push(this.delay(link));
    return { kind: "arrives", afterMs };
  }

  isOrdered(from: NodeId, to: NodeId): boolean {
    return this.linkOf(from, to).isOrdered;
  }

  isCut(from: NodeId, to: NodeId): boolean {
    return this.cuts.length > 0 && this.cuts.some((cut) => cut.from.has(from) && cut.to.has(to));
  }

  /** From now on nothing gets from the one side to the other. */
  cut(from: readonly NodeId[], to: readonly NodeId[]): void {
    this.cuts.push({ from: new Set(from), to: new Set(to) });
  }

  /** All links are whole again. */
  heal(): void {
    this.cuts = [];
  }

  /** These count on every link from now on; without any, each link's own count again. */
  setRates(rates: NetworkRates): void {
    checkLink({ ...this.base, ...rates });
    this.rates = Object.keys(rates).length > 0 ? rates : undefined;
  }

  private delay(link: LinkOptions): number {
    const ms = drawLatency(link.latency, this.random) * link.latencyFactor;
    const isHeld = link.reorderRate > 0 && this.random.chance(link.reorderRate);
    return isHeld ? ms * (1 + this.random.next() * link.reorderFactor) : ms;
  }

  private linkOf(from: NodeId, to: NodeId): LinkOptions {
    if (this.rules.length === 0) return this.base;
    let row = this.links.get(from);
    if (row === undefined) this.links.set(from, (row = new Map()));
    const known = row.get(to);
    if (known !== undefined) return known;
    const rule = this.rules.find(
      (candidate) => candidate.from?.has(from) !== false && candidate.to?.has(to) !== false,
    );
    const link = rule?.link ?? this.base;
    row.set(to, link);
    return link;
  }
}

function checkLink(link: LinkOptions): void {
  checkLatency(link.latency);
  for (const name of ["lossRate", "duplicateRate", "reorderRate"] as const) {
    inRange(name, link[name], { min: 0, max: 1 });
  }
  inRange("reorderFactor", link.reorderFactor, { min: 0, max: 1e6 });
  inRange("latencyFactor", link.latencyFactor, { min: 0, max: 1e6 });
}
