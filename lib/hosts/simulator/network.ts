/** The simulated network: what becomes of each message, by link, by chance and by cut links. */
import type { Random } from "../../basics";
import type { LossReason, Message, NodeId } from "../../protocol";
import { Clogs, linkOf } from "./clogs";
import { wholeMicroseconds } from "./clock";
import { checkLink, checkNames, linkDefaults, linkNames, ruleNames } from "./link-options";
import type { LinkOptions, NetworkOptions, NetworkRates } from "./link-options";
import { drawLatency } from "./latency";
import { Pipes } from "./pipes";

export type Fate =
  | { readonly kind: "arrives"; readonly atMs: readonly number[] }
  | { readonly kind: "lost"; readonly reason: LossReason };

interface Cut {
  readonly from: ReadonlySet<NodeId>;
  readonly to: ReadonlySet<NodeId>;
}

export class Network {
  readonly clogs = new Clogs();
  private readonly base: LinkOptions;
  private readonly rules: readonly { from?: Set<NodeId>; to?: Set<NodeId>; link: LinkOptions }[];
  private readonly links = new Map<NodeId, Map<NodeId, LinkOptions>>();
  private readonly pipes = new Pipes();
  private cuts: Cut[] = [];
  private rates: NetworkRates | undefined;

  /** Throws a RangeError for an option that there is not, or a value that is out of range. */
  constructor(
    options: Partial<NetworkOptions>,
    private readonly random: Random,
  ) {
    checkNames("network", options, [...linkNames, "links"]);
    const { links = [], ...base } = options;
    this.base = { ...linkDefaults, ...base };
    checkLink(this.base);
    this.rules = links.map(({ from, to, ...rule }) => {
      checkNames("network.links", { from, to, ...rule }, ruleNames);
      const link = { ...this.base, ...rule };
      checkLink(link);
      return { from: from && new Set(from), to: to && new Set(to), link };
    });
  }

  /** All nodes that rules name. */
  get named(): NodeId[] {
    return this.rules.flatMap(({ from = [], to = [] }) => [...from, ...to]);
  }

  /** The fate of a message that is sent now. */
  fate(from: NodeId, to: NodeId, { nowMs, message }: { nowMs: number; message: Message }): Fate {
    if (this.isCut(from, to)) return { kind: "lost", reason: "cut" };
    const own = this.linkOf(from, to);
    const link = this.rates === undefined ? own : { ...own, ...this.rates };
    const { random } = this;
    if (link.lossRate > 0 && random.chance(link.lossRate)) return { kind: "lost", reason: "loss" };
    let leaveMs: number | "full" = nowMs;
    if (link.bytesPerSecond < Infinity) {
      leaveMs = this.pipes.leaveMs(linkOf(from, to), message, { nowMs, limits: link });
      if (leaveMs === "full") return { kind: "lost", reason: "full" };
    }
    const atMs = [leaveMs + this.delay(link)];
    if (link.duplicateRate > 0 && random.chance(link.duplicateRate)) {
      atMs.push(leaveMs + this.delay(link));
    }
    if (!own.isOrdered) return { kind: "arrives", atMs };
    return { kind: "arrives", atMs: atMs.map((ms) => this.pipes.inOrder(linkOf(from, to), ms)) };
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
    this.rates = Object.keys(rates).length > 0 ? rates : undefined;
  }

  private delay(link: LinkOptions): number {
    const ms = drawLatency(link.latency, this.random) * link.latencyFactor;
    const isHeld = link.reorderRate > 0 && this.random.chance(link.reorderRate);
    return wholeMicroseconds(isHeld ? ms * (1 + this.random.next() * link.reorderFactor) : ms);
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
