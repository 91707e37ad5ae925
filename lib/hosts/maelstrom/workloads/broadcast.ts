/**
 * Brings every value to every node: each passes on what is new to it to its neighbours, again and
 * again until they confirm it.
 *
 * Source: A. Demers et al., "Epidemic Algorithms for Replicated Database Maintenance", PODC 1987,
 *   section 1.4 (rumor mongering with feedback); workload: Maelstrom, doc/workloads.md. Ours sends
 *   what came in during `gossipMs` as one message, and confirms that with one.
 * Assumes: messages are lost, repeated, delayed, reordered; nodes crash and keep their saves.
 * Guarantees: a value that was confirmed to a client is read everywhere once links heal.
 * Cost: 2 messages a link and `gossipMs`, not a value; delay of path length x (gossipMs + link).
 */
import { inRange } from "../../../basics";
import type { Event, Host, Node, NodeId } from "../../../protocol";
import { checkOptions, malformed, notSupported } from "./request";
import type { WorkloadMessage } from "./request";

export interface BroadcastOptions {
  /** News are held so long to travel together; default 50 ms. */
  readonly gossipMs: number;
  /** What is not confirmed is sent again after so long: over a round trip. Default 300 ms. */
  readonly retryMs: number;
}

type Timer = "gossip" | "retry";
type BroadcastHost = Host<WorkloadMessage, Timer>;

const longestMs = 3_600_000;

export class Broadcast implements Node<WorkloadMessage, Timer> {
  readonly options: BroadcastOptions;
  /** Values by their JSON text. */
  private readonly values = new Map<string, unknown>();
  private neighbours: readonly NodeId[];
  /** What a neighbour has not confirmed yet, and of that what was not sent yet. */
  private readonly unconfirmed = new Map<NodeId, Set<string>>();
  private readonly unsent = new Map<NodeId, Set<string>>();

  /** Until a topology is told, all peers are neighbours. RangeError for an option that is wrong. */
  constructor(
    readonly id: NodeId,
    readonly peers: readonly NodeId[],
    options: Partial<BroadcastOptions> = {},
  ) {
    checkOptions(options, ["gossipMs", "retryMs"]);
    this.options = { gossipMs: 50, retryMs: 300, ...options };
    inRange("gossipMs", this.options.gossipMs, { min: 0, max: longestMs });
    inRange("retryMs", this.options.retryMs, { min: 1, max: longestMs });
    this.neighbours = peers;
  }

  handle(event: Event<WorkloadMessage, Timer>, host: BroadcastHost): void {
    if (event.kind === "start") this.start(event.saved, host);
    else if (event.kind === "timer") this.gossip(event.timer, host);
    else if (this.peers.includes(event.from)) this.hearPeer(event.from, event.message, host);
    else this.hear(event.from, event.message, host);
  }

  /** Who had confirmed what is forgotten in a crash: it is all offered again. */
  private start(saved: Readonly<Record<string, unknown>>, host: BroadcastHost): void {
    const { neighbours } = saved;
    if (neighbours !== undefined) this.neighbours = neighbours as NodeId[];
    for (const [key, value] of Object.entries(saved)) {
      if (key.startsWith("value/")) this.values.set(key.slice("value/".length), value);
    }
    for (const text of this.values.keys()) this.pass(text, this.id);
    if (this.values.size > 0) host.setTimer("gossip", this.options.gossipMs);
    host.setTimer("retry", this.options.retryMs);
  }

  private hear(from: NodeId, message: WorkloadMessage, host: BroadcastHost): void {
    const { type, requestId } = message;
    switch (type) {
      case "topology":
        return this.setTopology(from, message, host);
      case "broadcast":
        if (!("message" in message)) {
          return host.send(from, malformed(message, "broadcast needs a message"));
        }
        this.learn([message.message], from, host);
        return host.send(from, { type: "broadcast_ok", requestId });
      case "read":
        return host.send(from, { type: "read_ok", requestId, messages: [...this.values.values()] });
      default:
        host.send(from, notSupported(message, "topology, broadcast and read"));
    }
  }

  private hearPeer(from: NodeId, { type, values }: WorkloadMessage, host: BroadcastHost): void {
    if (type === "gossipConfirmed") return this.confirm(from, values as unknown[]);
    if (type !== "gossip") return;
    this.learn(values as unknown[], from, host);
    host.send(from, { type: "gossipConfirmed", values });
  }

  private setTopology(from: NodeId, message: WorkloadMessage, host: BroadcastHost): void {
    const topology = message.topology as Readonly<Record<NodeId, unknown>> | null | undefined;
    const neighbours = topology?.[this.id];
    const isKnown = (name: unknown): boolean => this.peers.includes(name as NodeId);
    if (!Array.isArray(neighbours) || !neighbours.every(isKnown)) {
      const reason = `topology needs a list of other nodes' names for ${this.id}`;
      return host.send(from, malformed(message, reason));
    }
    this.neighbours = neighbours as NodeId[];
    host.save("neighbours", this.neighbours);
    for (const name of [...this.unconfirmed.keys()]) {
      if (this.neighbours.includes(name)) continue;
      this.unconfirmed.delete(name);
      this.unsent.delete(name);
    }
    for (const text of this.values.keys()) this.pass(text, this.id);
    if (this.values.size > 0) host.setTimer("gossip", this.options.gossipMs);
    host.send(from, { type: "topology_ok", requestId: message.requestId });
  }

  /** Saved before anybody is told that it is known here. */
  private learn(values: readonly unknown[], from: NodeId, host: BroadcastHost): void {
    const isIdle = this.unsent.size === 0;
    for (const value of values) {
      const text = JSON.stringify(value);
      if (this.values.has(text)) continue;
      this.values.set(text, value);
      host.save(`value/${text}`, value);
      this.pass(text, from);
    }
    if (isIdle && this.unsent.size > 0) host.setTimer("gossip", this.options.gossipMs);
  }

  private pass(text: string, from: NodeId): void {
    for (const neighbour of this.neighbours) {
      if (neighbour === from) continue;
      entry(this.unconfirmed, neighbour).add(text);
      entry(this.unsent, neighbour).add(text);
    }
  }

  private confirm(from: NodeId, values: readonly unknown[]): void {
    const open = this.unconfirmed.get(from);
    for (const value of values) {
      open?.delete(JSON.stringify(value));
      this.unsent.get(from)?.delete(JSON.stringify(value));
    }
    if (open?.size === 0) this.unconfirmed.delete(from);
  }

  private gossip(timer: Timer, host: BroadcastHost): void {
    const news = timer === "gossip" ? this.unsent : this.unconfirmed;
    for (const [neighbour, texts] of news) {
      const values = [...texts].map((text) => this.values.get(text));
      if (values.length > 0) host.send(neighbour, { type: "gossip", values });
    }
    if (timer === "gossip") this.unsent.clear();
    else host.setTimer("retry", this.options.retryMs);
  }
}

function entry(sets: Map<NodeId, Set<string>>, name: NodeId): Set<string> {
  const known = sets.get(name);
  if (known !== undefined) return known;
  const fresh = new Set<string>();
  sets.set(name, fresh);
  return fresh;
}
