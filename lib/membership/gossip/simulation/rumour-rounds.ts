/**
 * Rumour mongering in synchronous cycles, for statistics over thousands of nodes and runs: sites
 * act on what they knew when the cycle began, as in the paper's own simulations. Interest is lost
 * by the protocol's own function.
 *
 * Source: Demers et al. 1987, section 1.4. Cost: O(nodes) a cycle.
 */
import { oneOf, onlyKnown, Random, wholeInRange } from "../../../basics";
import { checkInterest, cold, counterAfter } from "../interest";
import type { InterestOptions } from "../interest";
import { gossipModes } from "../rumour-monger";
import type { GossipMode } from "../rumour-monger";

export interface RumourRoundsOptions extends Partial<InterestOptions> {
  readonly seed: number;
  /** 2 to 1,000,000. */
  readonly nodes: number;
  /** Default "push". */
  readonly mode?: GossipMode;
  /** Peers called in a cycle; default 1. */
  readonly fanout?: number;
  /** Default 1,000. */
  readonly maxRounds?: number;
}

export interface RumourRun {
  /** Share of nodes that never heard. */
  readonly residue: number;
  /** Copies of the rumour that were sent, a node. */
  readonly traffic: number;
  /** The cycle in which the last node heard that did. */
  readonly lastRound: number;
  /** The mean cycle over all nodes that heard, the source apart. */
  readonly meanRound: number;
  /** Share of nodes that know at the end of each cycle; [0] is the start. */
  readonly informed: readonly number[];
}

/** Interest defaults: feedback, counter, k 1. Throws a RangeError for a number out of range. */
export function spreadRumour(options: RumourRoundsOptions): RumourRun {
  const names = ["seed", "nodes", "mode", "fanout", "maxRounds", "feedback", "loss", "k"];
  onlyKnown("spreadRumour", options, names);
  wholeInRange("nodes", options.nodes, { min: 2, max: 1_000_000 });
  wholeInRange("fanout", options.fanout ?? 1, { min: 1, max: 1_000 });
  oneOf("mode", options.mode ?? "push", gossipModes);
  const maxRounds = wholeInRange("maxRounds", options.maxRounds ?? 1_000, { min: 1, max: 1e6 });
  return new Rounds(options).run(maxRounds);
}

class Rounds {
  private readonly random: Random;
  private readonly interest: InterestOptions;
  private readonly mode: GossipMode;
  private readonly fanout: number;
  /** The cycle in which each node heard; -1: not yet. */
  private readonly heardAt: Int32Array;
  private readonly counters: Int32Array;
  private readonly useful: Int32Array;
  private readonly useless: Int32Array;
  private hot: number[] = [0];
  private known = 1;
  private sent = 0;
  private round = 0;

  constructor({ seed, nodes, mode = "push", fanout = 1, ...interest }: RumourRoundsOptions) {
    this.random = new Random(seed, 41);
    this.interest = { feedback: "feedback", loss: "counter", k: 1, ...interest };
    checkInterest(this.interest);
    this.mode = mode;
    this.fanout = fanout;
    this.heardAt = new Int32Array(nodes).fill(-1);
    this.counters = new Int32Array(nodes).fill(cold);
    [this.useful, this.useless] = [new Int32Array(nodes), new Int32Array(nodes)];
    this.heardAt[0] = this.counters[0] = 0;
  }

  run(maxRounds: number): RumourRun {
    const { heardAt } = this;
    const nodes = heardAt.length;
    const informed = [1 / nodes];
    while (this.hot.length > 0 && this.round < maxRounds && !this.isOver()) {
      this.cycle();
      informed.push(this.known / nodes);
    }
    const rounds = heardAt.filter((round) => round > 0);
    return {
      residue: 1 - this.known / nodes,
      traffic: this.sent / nodes,
      lastRound: rounds.reduce((last, round) => Math.max(last, round), 0),
      meanRound: rounds.reduce((sum, round) => sum + round, 0) / Math.max(1, rounds.length),
      informed,
    };
  }

  /** Rumours that stay hot end when everybody knows. */
  private isOver(): boolean {
    return this.interest.loss === "never" && this.known === this.heardAt.length;
  }

  private cycle(): void {
    this.round++;
    const news: number[] = [];
    if (this.mode !== "pull") this.push(news);
    if (this.mode !== "push") this.pull(news);
    this.loseInterest();
    this.hot.push(...news.filter((node) => this.counters[node] !== cold));
  }

  private push(news: number[]): void {
    for (const source of this.hot) {
      for (let call = 0; call < this.fanout; call++) this.tell(source, this.another(source), news);
    }
  }

  /** Everybody asks, whether it knows or not: it cannot know what there is to know. */
  private pull(news: number[]): void {
    for (let asker = 0; asker < this.heardAt.length; asker++) {
      for (let call = 0; call < this.fanout; call++) {
        const source = this.another(asker);
        const isHot =
          this.counters[source] !== cold && (this.heardAt[source] as number) < this.round;
        if (isHot) this.tell(source, asker, news);
      }
    }
  }

  private tell(source: number, to: number, news: number[]): void {
    this.sent++;
    const heardAt = this.heardAt[to] as number;
    const knewBefore = heardAt >= 0 && heardAt < this.round;
    const isBlind = this.interest.feedback === "blind";
    const counts = knewBefore || isBlind ? this.useless : this.useful;
    counts[source]++;
    if (heardAt >= 0) return;
    this.heardAt[to] = this.round;
    this.counters[to] = 0;
    this.known++;
    news.push(to);
  }

  private loseInterest(): void {
    const context = { options: this.interest, random: () => this.random.next() };
    this.hot = this.hot.filter((node) => {
      const contacts = {
        useful: this.useful[node] as number,
        useless: this.useless[node] as number,
      };
      this.useful[node] = this.useless[node] = 0;
      this.counters[node] = counterAfter(this.counters[node] as number, contacts, context);
      return this.counters[node] !== cold;
    });
  }

  private another(node: number): number {
    const other = this.random.below(this.heardAt.length - 1);
    return other < node ? other : other + 1;
  }
}
