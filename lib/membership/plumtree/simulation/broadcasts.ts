/** Broadcasts over an overlay, counted: how many copies, how many hops, who is missed. */
import { inRange, onlyKnown, Random, wholeInRange } from "../../../basics";
import { Simulator, at, crash } from "../../../hosts";
import type { Event, NodeId } from "../../../protocol";
import type { PlumtreeHost, PlumtreeMessage, PlumtreeTimer } from "../messages";
import { overlayOf } from "../overlay";
import { Plumtree } from "../plumtree";

export interface BroadcastsOptions {
  readonly seed: number;
  /** Default 200. */
  readonly nodes?: number;
  /** Neighbours of a node; default 6. */
  readonly degree?: number;
  /** Messages, one after the other, each from a random node; default 10. */
  readonly broadcasts?: number;
  /** Share of nodes that crash before the broadcast `crashBefore`, 0 to 0.9; default 0. */
  readonly crashRate?: number;
  /** Default: halfway. */
  readonly crashBefore?: number;
}

export interface BroadcastRow {
  readonly broadcast: number;
  /** Share of the living nodes that it reached. */
  readonly reached: number;
  /** Copies of the message for each node that it reached, the source apart: 1 is a tree. */
  readonly copies: number;
  /** Hops to the farthest node. */
  readonly hops: number;
  /** Holes that were mended. */
  readonly grafts: number;
}

const gapMs = 2_000;

/**
 * The first floods the overlay; the next ones use the tree that it has left. Throws a RangeError
 * for an option that is wrong.
 */
export function measureBroadcasts(options: BroadcastsOptions): BroadcastRow[] {
  const names = ["seed", "nodes", "degree", "broadcasts", "crashRate", "crashBefore"];
  onlyKnown("measureBroadcasts", options, names);
  return new Broadcasts(options).run();
}

class Broadcasts {
  private readonly ids: NodeId[];
  private readonly random: Random;
  private readonly simulator: Simulator<PlumtreeMessage, PlumtreeTimer>;
  private copies = 0;
  private heard = 0;
  private hops = 0;
  private grafts = 0;

  constructor(private readonly options: BroadcastsOptions) {
    const { seed, degree = 6 } = options;
    const nodes = wholeInRange("nodes", options.nodes ?? 200, { min: 2, max: 100_000 });
    inRange("crashRate", options.crashRate ?? 0, { min: 0, max: 0.9 });
    wholeInRange("broadcasts", options.broadcasts ?? 10, { min: 1, max: 1_000_000 });
    this.ids = Array.from({ length: nodes }, (_, i) => `n${i + 1}`);
    this.random = new Random(seed, 44);
    this.simulator = new Simulator<PlumtreeMessage, PlumtreeTimer>({
      ...{ seed, isTraced: false },
      onNote: ({ label, detail }) => this.hear(label, detail as { round?: number }),
    });
    const protocol = this.counting();
    const overlay = overlayOf(this.ids, { seed, degree });
    for (const id of this.ids) this.simulator.add(id, protocol, { peers: overlay.get(id) ?? [] });
    this.simulator.run({ untilMs: 0 });
  }

  run(): BroadcastRow[] {
    const { broadcasts = 10, crashRate = 0 } = this.options;
    const crashBefore = this.options.crashBefore ?? Math.ceil(broadcasts / 2);
    const rows: BroadcastRow[] = [];
    for (let broadcast = 0; broadcast < broadcasts; broadcast++) {
      if (broadcast === crashBefore) this.crashSome(crashRate);
      rows.push(this.tell(broadcast));
    }
    return rows;
  }

  /** The members that are left hear nothing of it: holes are found by missing messages alone. */
  private crashSome(rate: number): void {
    const victims = this.random.shuffle(this.ids).slice(0, Math.floor(rate * this.ids.length));
    if (victims.length === 0) return;
    this.simulator.schedule(at(this.simulator.nowMs, crash(victims)));
    this.simulator.run({ untilMs: this.simulator.nowMs + 1 });
  }

  private tell(broadcast: number): BroadcastRow {
    this.copies = this.heard = this.hops = this.grafts = 0;
    const living = this.ids.filter((id) => this.simulator.isUp(id));
    const rumour = { id: `b${broadcast}`, content: broadcast };
    this.simulator.inject("outside", this.random.pick(living), { type: "tell", rumour });
    this.simulator.run({ untilMs: this.simulator.nowMs + gapMs });
    const { copies, heard, hops, grafts } = this;
    const others = Math.max(1, heard - 1);
    return { broadcast, reached: heard / living.length, copies: copies / others, hops, grafts };
  }

  private hear(label: string, { round = 0 }: { round?: number }): void {
    if (label === "grafted") this.grafts++;
    if (label !== "heard") return;
    this.heard++;
    this.hops = Math.max(this.hops, round);
  }

  private counting(): typeof Plumtree {
    const count = (event: Event<PlumtreeMessage, PlumtreeTimer>): void => {
      if (event.kind === "message" && event.message.type === "gossip") this.copies++;
    };
    return class extends Plumtree {
      override handle(event: Event<PlumtreeMessage, PlumtreeTimer>, host: PlumtreeHost): void {
        count(event);
        super.handle(event, host);
      }
    };
  }
}
