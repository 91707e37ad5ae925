/**
 * A message from one data centre to all: how long it takes, city by city, and how many copies cross
 * between cities, for ways of gossiping that care more or less about distance.
 */
import { quantileOf, wholeInRange } from "../../basics";
import { Simulator } from "../../hosts";
import type { City } from "../../hosts";
import { Plumtree, RumourMonger, overlayOf } from "../../membership";
import type { PlumtreeMessage, RumourMessage, RumourMongerOptions } from "../../membership";
import type { Event, Message, NodeId, Protocol } from "../../protocol";
import { centresOf } from "./centres";
import type { Centres } from "./centres";

export interface PropagationOptions {
  readonly seed: number;
  /** The first has the sender. */
  readonly cities: readonly City[];
  /** Default 20. */
  readonly nodesPerCentre?: number;
  /** "rumour": whom to call is drawn by `remoteShare`; "tree": Plumtree, regions in the overlay. */
  readonly by?: "rumour" | "tree";
  /** Share of calls that leave the city, 0 to 1; null: all nodes are as likely. Default null. */
  readonly remoteShare?: number | null;
  readonly options?: Partial<RumourMongerOptions>;
  /** Messages, one after the other; the figures are means over all but the first. Default 5. */
  readonly messages?: number;
}

export interface Propagation {
  /** Share of nodes that heard. */
  readonly reached: number;
  /** Until half, and until 99 in 100 of those that heard had. */
  readonly halfMs: number;
  readonly almostAllMs: number;
  /** Copies sent for each node, and how many of these crossed between cities. */
  readonly copies: number;
  readonly farCopies: number;
  /** When half of each city's nodes knew. */
  readonly cityMs: Readonly<Partial<Record<City, number>>>;
}

const waitMs = 6_000;

/** Throws a RangeError for an option that is wrong. */
export function propagate(options: PropagationOptions): Propagation {
  const messages = wholeInRange("messages", options.messages ?? 5, { min: 2, max: 1_000 });
  const centres = centresOf(options.cities, options.nodesPerCentre ?? 20);
  const run = new Run(options, centres);
  const found = Array.from({ length: messages }, (_, i) => run.tell(i)).slice(1);
  const mean = (value: (each: Propagation) => number): number =>
    found.reduce((sum, each) => sum + value(each), 0) / found.length;
  const cityMs = Object.fromEntries(
    options.cities.map((city) => [city, mean((each) => each.cityMs[city] ?? NaN)]),
  );
  return {
    reached: mean(({ reached }) => reached),
    halfMs: mean(({ halfMs }) => halfMs),
    almostAllMs: mean(({ almostAllMs }) => almostAllMs),
    copies: mean(({ copies }) => copies),
    farCopies: mean(({ farCopies }) => farCopies),
    cityMs,
  };
}

type GossipMessage = RumourMessage | PlumtreeMessage;

class Run {
  private readonly simulator: Simulator<Message, unknown>;
  private readonly heardMs = new Map<NodeId, number>();
  private copies = 0;
  private farCopies = 0;

  constructor(
    options: PropagationOptions,
    private readonly centres: Centres,
  ) {
    const { seed, by = "rumour", remoteShare = null } = options;
    const { nodes, homes, links } = centres;
    this.simulator = new Simulator<Message, unknown>({
      ...{ seed, isTraced: false, network: { links } },
      onNote: ({ node, label, atMs }) => {
        if (label === "heard") this.heardMs.set(node, atMs);
      },
    });
    const overlay = overlayOf(nodes, { seed, degree: 6, regions: homes });
    const rumour = { mode: "pushPull", k: 2, regions: homes, remoteShare, ...options.options };
    for (const id of nodes) {
      if (by === "tree") this.add(id, Plumtree, overlay.get(id) ?? [], {});
      else this.add(id, RumourMonger, nodes, rumour);
    }
    this.simulator.run({ untilMs: 1_000 });
  }

  private add(id: NodeId, protocol: unknown, peers: readonly NodeId[], options: object): void {
    const count = (event: Event): void => this.count(id, event);
    const base = protocol as new (...given: never[]) => { handle(...given: unknown[]): void };
    const counting = class extends base {
      override handle(...given: unknown[]): void {
        count(given[0] as Event);
        super.handle(...given);
      }
    };
    const placed = counting as unknown as Protocol<Message, unknown, object>;
    this.simulator.add(id, placed, { peers, options });
  }

  private count(to: NodeId, event: Event): void {
    if (event.kind !== "message") return;
    const message = event.message as GossipMessage;
    const copies =
      message.type === "gossip" ? 1 : message.type === "rumours" ? message.rumours.length : 0;
    this.copies += copies;
    const { homes } = this.centres;
    if (homes[event.from] !== homes[to]) this.farCopies += copies;
  }

  tell(index: number): Propagation {
    const { simulator, centres, heardMs } = this;
    heardMs.clear();
    this.copies = this.farCopies = 0;
    const startMs = simulator.nowMs;
    const rumour = { id: `m${index}`, content: "good morning" };
    simulator.inject("outside", "n1", { type: "tell", rumour } as Message);
    simulator.run({ untilMs: startMs + waitMs });
    const times = (nodes: readonly NodeId[]): number[] =>
      nodes.flatMap((node) => heardMs.get(node) ?? []).map((atMs) => atMs - startMs);
    const half = (city: City): number => {
      const own = times(centres.nodesIn(city));
      return own.length === 0 ? NaN : quantileOf(own, 0.5);
    };
    const all = times(centres.nodes);
    const cities = [...new Set(Object.values(centres.homes))];
    return {
      reached: all.length / centres.nodes.length,
      halfMs: quantileOf(all, 0.5),
      almostAllMs: quantileOf(all, 0.99),
      copies: this.copies / centres.nodes.length,
      farCopies: this.farCopies / centres.nodes.length,
      cityMs: Object.fromEntries(cities.map((city) => [city, half(city)])),
    };
  }
}
