/**
 * Chat servers in data centres over a time in which a city is cut off and comes back, servers fail
 * and new ones join: who has which message when, and whom each side holds to be there.
 */
import { inRange } from "../../basics";
import { Simulator, at, crash, heal, partition } from "../../hosts";
import type { City } from "../../hosts";
import type { NodeId } from "../../protocol";
import { centresOf } from "./centres";
import type { ChatMessage, ChatTimer } from "./chat-messages";
import { ChatNode } from "./chat-node";
import type { ChatOptions } from "./chat-node";

export interface ChatRunOptions {
  readonly seed: number;
  readonly cities: readonly City[];
  /** Default 5. */
  readonly nodesPerCentre?: number;
  /** The city that is cut off, from and until when. Default: none. */
  readonly cutOff?: { readonly city: City; readonly fromMs: number; readonly untilMs: number };
  /** Servers that crash for good. */
  readonly crashes?: readonly { readonly node: NodeId; readonly atMs: number }[];
  /** New servers, by the city in which they start; they know n1 alone. */
  readonly joins?: readonly { readonly city: City; readonly atMs: number }[];
  /** A message each, posted at a node. */
  readonly posts: readonly { readonly id: string; readonly node: NodeId; readonly atMs: number }[];
  readonly untilMs: number;
  /** The state is looked at so often; default 250 ms. */
  readonly lookMs?: number;
  readonly options?: Partial<ChatOptions>;
}

/** The state at one moment. */
export interface ChatLook {
  readonly atMs: number;
  /** By message: the share of the living servers that show it. */
  readonly shown: Readonly<Record<string, number>>;
  /** By city: how many servers a server there holds to be alive, itself too; the mean. */
  readonly believed: Readonly<Partial<Record<City, number>>>;
}

export interface ChatRun {
  readonly looks: readonly ChatLook[];
  /**
   * By message: from its posting until every server had it that was there by then and lives at the
   * end; ms. Undefined: some never had it.
   */
  readonly everywhereMs: Readonly<Record<string, number | undefined>>;
  /** Servers that live at the end. */
  readonly living: readonly NodeId[];
  /** Each living server's messages at the end, in its own order. */
  readonly shown: Readonly<Record<NodeId, readonly string[]>>;
}

/** Throws a RangeError for an option that is wrong. */
export function runChat(options: ChatRunOptions): ChatRun {
  inRange("untilMs", options.untilMs, { min: 1, max: 86_400_000 });
  return new Run(options).run();
}

class Run {
  private readonly simulator: Simulator<ChatMessage, ChatTimer>;
  private readonly homes: Record<NodeId, City>;
  /** Of those that join. */
  private readonly startsMs = new Map<NodeId, number>();
  private readonly shownMs = new Map<string, Map<NodeId, number>>();

  constructor(private readonly given: ChatRunOptions) {
    const { cities, nodesPerCentre = 5, joins = [], seed } = given;
    const first = centresOf(cities, nodesPerCentre);
    this.homes = { ...first.homes };
    joins.forEach(({ city }, i) => (this.homes[`n${first.nodes.length + i + 1}`] = city));
    const links = first.links.map(({ from = [], to = [], ...link }) => {
      return { ...link, from: this.widened(from), to: this.widened(to) };
    });
    this.simulator = new Simulator<ChatMessage, ChatTimer>({
      ...{ seed, isTraced: false, network: { links } },
      onNote: ({ label, node, atMs, detail }) => {
        if (label === "shown") this.onShown((detail as { id: string }).id, node, atMs);
      },
    });
    const options = { homes: this.homes, ...given.options };
    for (const id of first.nodes) this.simulator.add(id, ChatNode, { peers: first.nodes, options });
    joins.forEach(({ atMs }, i) => {
      const id = `n${first.nodes.length + i + 1}`;
      this.startsMs.set(id, atMs);
      this.simulator.add(id, ChatNode, { peers: ["n1"], options, startAtMs: atMs });
    });
    this.scheduleFaults();
  }

  run(): ChatRun {
    const { untilMs, lookMs = 250 } = this.given;
    const posts = [...this.given.posts].sort((left, right) => left.atMs - right.atMs);
    const looks: ChatLook[] = [];
    for (let atMs = lookMs; atMs <= untilMs; atMs += lookMs) {
      while (posts[0] !== undefined && posts[0].atMs < atMs) this.post(posts.shift());
      this.simulator.run({ untilMs: atMs });
      looks.push(this.look());
    }
    const living = this.living();
    const everywhere = this.given.posts.map(({ id, atMs }) => {
      const there = living.filter((node) => (this.startsMs.get(node) ?? 0) <= atMs);
      const times = there.map((node) => this.shownMs.get(id)?.get(node) ?? Infinity);
      const lastMs = Math.max(...times);
      return [id, lastMs === Infinity ? undefined : lastMs - atMs] as const;
    });
    const shown = living.map((node) => [node, this.nodeOf(node)?.shown ?? []] as const);
    const everywhereMs = Object.fromEntries(everywhere);
    return { looks, everywhereMs, living, shown: Object.fromEntries(shown) };
  }

  private widened(nodes: readonly NodeId[]): NodeId[] {
    const [city] = nodes.map((node) => this.homes[node]);
    return Object.keys(this.homes).filter((node) => this.homes[node] === city);
  }

  private scheduleFaults(): void {
    const { cutOff, crashes = [] } = this.given;
    for (const { node, atMs } of crashes) this.simulator.schedule(at(atMs, crash([node])));
    if (cutOff === undefined) return;
    const nodes = Object.keys(this.homes);
    const inside = nodes.filter((node) => this.homes[node] === cutOff.city);
    const outside = nodes.filter((node) => this.homes[node] !== cutOff.city);
    this.simulator.schedule(
      at(cutOff.fromMs, partition(inside, outside)),
      at(cutOff.untilMs, heal()),
    );
  }

  private post(post: ChatRunOptions["posts"][number] | undefined): void {
    if (post === undefined) return;
    this.simulator.run({ untilMs: post.atMs });
    const { id, node } = post;
    this.simulator.inject("outside", node, { type: "post", id, text: `message ${id}` });
  }

  private onShown(id: string, node: NodeId, atMs: number): void {
    const times = this.shownMs.get(id) ?? new Map<NodeId, number>();
    if (!times.has(node)) times.set(node, atMs);
    this.shownMs.set(id, times);
  }

  private look(): ChatLook {
    const living = this.living();
    const share = (id: string): number =>
      living.filter((node) => this.shownMs.get(id)?.has(node)).length / living.length;
    const shown = this.given.posts.map(({ id }) => [id, share(id)] as const);
    const believed = this.given.cities.map((city) => [city, this.believedIn(city)] as const);
    return {
      atMs: this.simulator.nowMs,
      shown: Object.fromEntries(shown),
      believed: Object.fromEntries(believed),
    };
  }

  private believedIn(city: City): number {
    const nodes = this.living().filter((node) => this.homes[node] === city);
    const sum = nodes.reduce(
      (all, node) => all + (this.nodeOf(node)?.members.table.living ?? 0),
      0,
    );
    return sum / Math.max(1, nodes.length);
  }

  private living(): NodeId[] {
    return Object.keys(this.homes).filter((node) => this.simulator.isUp(node));
  }

  private nodeOf(id: NodeId): ChatNode | undefined {
    return this.simulator.nodeOf(id) as ChatNode | undefined;
  }
}
