/**
 * Plumtree: a broadcast tree that grows out of gossip. Messages travel along the tree, their names
 * along all other links of the overlay, and a name without its message mends the tree.
 *
 * Source: J. Leitao, J. Pereira, L. Rodrigues, "Epidemic Broadcast Trees", SRDS 2007, section 3.
 * Assumes: `peers` are the neighbours in a connected overlay in which links go both ways and lose
 * nothing while both ends live, as over TCP; a membership service reports who comes and goes.
 * Guarantees: every node of a connected overlay delivers each message once; after the tree is
 * built, a message is sent n - 1 times. Restarts begin without memory, as new neighbours.
 * Cost: n - 1 messages and a name on each other link; memory in `maxMessages`.
 */
import type { Event, Node, NodeId } from "../../protocol";
import type { Gossip, Graft, IHave, PlumtreeHost, PlumtreeMessage } from "./messages";
import type { NeighbourChange, PlumtreeTimer, Tell } from "./messages";
import { plumtreeOptions } from "./options";
import type { PlumtreeOptions } from "./options";

interface Received {
  readonly content: unknown;
  readonly round: number;
}

interface Announced {
  readonly from: NodeId;
  readonly round: number;
}

export class Plumtree implements Node<PlumtreeMessage, PlumtreeTimer> {
  readonly options: PlumtreeOptions;
  /** Neighbours along the tree. */
  readonly eager: Set<NodeId>;
  /** Neighbours that are told names only. */
  readonly lazy = new Set<NodeId>();
  readonly received = new Map<string, Received>();
  /** Who has announced what has not come. */
  readonly missing = new Map<string, Announced[]>();
  private readonly announcements = new Map<NodeId, { id: string; round: number }[]>();

  /** Throws a RangeError for an option that is wrong. */
  constructor(
    readonly id: NodeId,
    peers: readonly NodeId[],
    options: Partial<PlumtreeOptions> = {},
  ) {
    this.options = plumtreeOptions(options);
    this.eager = new Set(peers);
  }

  handle(event: Event<PlumtreeMessage, PlumtreeTimer>, host: PlumtreeHost): void {
    if (event.kind === "start") return;
    if (event.kind === "message") return this.hear(event.from, event.message, host);
    if (event.timer === "announce") this.announce(host);
    else this.graftNext(event.timer.slice("missing/".length), host);
  }

  private hear(from: NodeId, message: PlumtreeMessage, host: PlumtreeHost): void {
    switch (message.type) {
      case "gossip":
        return this.onGossip(from, message, host);
      case "ihave":
        return this.onIHave(from, message, host);
      case "graft":
        return this.onGraft(from, message, host);
      case "prune":
        return this.makeLazy(from);
      case "tell":
        return this.onTell(from, message, host);
      case "neighbourUp":
      case "neighbourDown":
        return this.onNeighbour(message);
      case "told":
        return;
      default:
        message satisfies never;
        return host.note("ignoredMessage", (message as PlumtreeMessage).type);
    }
  }

  private onTell(from: NodeId, { rumour, requestId }: Tell, host: PlumtreeHost): void {
    const gossip: Gossip = { type: "gossip", id: rumour.id, content: rumour.content, round: 0 };
    if (!this.received.has(rumour.id)) this.deliver(gossip, this.id, host);
    if (requestId !== undefined) host.send(from, { type: "told", requestId });
  }

  /** Section 3.4: the first sender becomes the parent, later ones leave the tree. */
  private onGossip(from: NodeId, gossip: Gossip, host: PlumtreeHost): void {
    if (this.received.has(gossip.id)) {
      this.makeLazy(from);
      return host.send(from, { type: "prune" });
    }
    this.makeEager(from);
    const shorter = this.shorterWay(gossip);
    this.deliver(gossip, from, host);
    if (shorter === undefined) return;
    this.makeEager(shorter.from);
    this.makeLazy(from);
    host.send(shorter.from, { type: "graft", id: null, round: shorter.round });
    host.send(from, { type: "prune" });
  }

  private deliver(gossip: Gossip, from: NodeId, host: PlumtreeHost): void {
    const { id, content, round } = gossip;
    this.received.set(id, { content, round });
    if (this.missing.delete(id)) host.cancelTimer(`missing/${id}`);
    host.note("heard", { id, round });
    for (const peer of this.eager) {
      if (peer !== from) host.send(peer, { type: "gossip", id, content, round: round + 1 });
    }
    this.announceLater(id, round + 1, from);
    if (this.options.announceMs === 0) this.announce(host);
    else host.setTimer("announce", this.options.announceMs);
    this.forget();
  }

  private announceLater(id: string, round: number, from: NodeId): void {
    for (const peer of this.lazy) {
      if (peer === from) continue;
      const due = this.announcements.get(peer);
      if (due === undefined) this.announcements.set(peer, [{ id, round }]);
      else due.push({ id, round });
    }
  }

  private announce(host: PlumtreeHost): void {
    for (const [peer, announced] of this.announcements) {
      host.send(peer, { type: "ihave", announced });
    }
    this.announcements.clear();
  }

  /** Section 3.5: a name whose message does not come is a hole in the tree. */
  private onIHave(from: NodeId, { announced }: IHave, host: PlumtreeHost): void {
    for (const { id, round } of announced) {
      if (this.received.has(id)) continue;
      const known = this.missing.get(id);
      if (known === undefined) {
        this.missing.set(id, [{ from, round }]);
        host.setTimer(`missing/${id}`, this.options.graftTimeoutMs);
      } else known.push({ from, round });
    }
  }

  private graftNext(id: string, host: PlumtreeHost): void {
    const next = this.missing.get(id)?.shift();
    if (next === undefined) {
      // Nobody is left to ask; the next announcement begins anew.
      this.missing.delete(id);
      return;
    }
    this.makeEager(next.from);
    host.send(next.from, { type: "graft", id, round: next.round });
    host.note("grafted", { id, parent: next.from });
    host.setTimer(`missing/${id}`, this.options.retryTimeoutMs);
  }

  private onGraft(from: NodeId, { id, round }: Graft, host: PlumtreeHost): void {
    this.makeEager(from);
    const received = id === null ? undefined : this.received.get(id);
    if (id === null || received === undefined) return;
    host.send(from, { type: "gossip", id, content: received.content, round });
  }

  /** Section 3.8: an announcer that is nearer to the source by enough hops. */
  private shorterWay({ id, round }: Gossip): Announced | undefined {
    const { optimizeRounds } = this.options;
    if (optimizeRounds === 0) return undefined;
    return this.missing.get(id)?.find((announced) => round - announced.round >= optimizeRounds);
  }

  private onNeighbour({ type, neighbour }: NeighbourChange): void {
    if (type === "neighbourUp") return this.makeEager(neighbour);
    this.eager.delete(neighbour);
    this.lazy.delete(neighbour);
    this.announcements.delete(neighbour);
    for (const [id, announced] of this.missing) {
      this.missing.set(
        id,
        announced.filter(({ from }) => from !== neighbour),
      );
    }
  }

  private makeEager(peer: NodeId): void {
    this.lazy.delete(peer);
    this.eager.add(peer);
  }

  private makeLazy(peer: NodeId): void {
    this.eager.delete(peer);
    this.lazy.add(peer);
  }

  private forget(): void {
    if (this.received.size <= this.options.maxMessages) return;
    for (const oldest of this.received.keys()) {
      this.received.delete(oldest);
      return;
    }
  }
}
