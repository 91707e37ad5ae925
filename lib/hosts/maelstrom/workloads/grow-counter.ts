/**
 * A counter that only grows and that every node takes in, connected or not: each counts its own
 * additions, the sum of all counts is the value.
 *
 * Source: M. Shapiro et al., "A comprehensive study of Convergent and Commutative Replicated Data
 *   Types", INRIA RR-7506, 2011, specification 6; workload: Maelstrom, doc/workloads.md.
 * Assumes: messages are lost, repeated, delayed, reordered; nodes crash and keep their saves; a
 *   client does not repeat an addition.
 * Guarantees: once links heal, every node reads the sum of all confirmed additions.
 * Cost: each node tells one other all counts every `gossipMs`: n messages of n counts each; about
 *   log2(n) + ln(n) periods until all know.
 */
import { inRange } from "../../../basics";
import type { Event, Host, Node, NodeId } from "../../../protocol";
import { checkOptions, malformed, notSupported } from "./request";
import type { WorkloadMessage } from "./request";

export interface GrowCounterOptions {
  /** The pause between two messages of a node, 1 ms to an hour; default 100 ms. */
  readonly gossipMs: number;
}

type CounterHost = Host<WorkloadMessage, "gossip">;

export class GrowCounter implements Node<WorkloadMessage, "gossip"> {
  readonly options: GrowCounterOptions;
  private readonly counts = new Map<NodeId, number>();

  /** Throws a RangeError for an option that is wrong. */
  constructor(
    readonly id: NodeId,
    readonly peers: readonly NodeId[],
    options: Partial<GrowCounterOptions> = {},
  ) {
    checkOptions(options, ["gossipMs"]);
    this.options = { gossipMs: 100, ...options };
    inRange("gossipMs", this.options.gossipMs, { min: 1, max: 3_600_000 });
  }

  handle(event: Event<WorkloadMessage, "gossip">, host: CounterHost): void {
    if (event.kind === "message") {
      const { from, message } = event;
      return this.peers.includes(from) ? this.learn(message, host) : this.hear(from, message, host);
    }
    if (event.kind === "start") this.merge(event.saved);
    else this.gossip(host);
    if (this.peers.length > 0) host.setTimer("gossip", this.options.gossipMs);
  }

  private hear(from: NodeId, message: WorkloadMessage, host: CounterHost): void {
    const { requestId } = message;
    switch (message.type) {
      case "add":
        return this.add(from, message, host);
      case "read": {
        const value = [...this.counts.values()].reduce((sum, count) => sum + count, 0);
        return host.send(from, { type: "read_ok", requestId, value });
      }
      default:
        host.send(from, notSupported(message, "add and read"));
    }
  }

  private learn({ type, counts }: WorkloadMessage, host: CounterHost): void {
    if (type !== "gossip") return;
    for (const name of this.merge(counts as Record<NodeId, unknown>)) {
      host.save(name, this.counts.get(name));
    }
  }

  private add(from: NodeId, message: WorkloadMessage, host: CounterHost): void {
    const { delta, requestId } = message;
    const count = (this.counts.get(this.id) ?? 0) + (delta as number);
    if (!Number.isSafeInteger(delta) || (delta as number) < 0 || !Number.isSafeInteger(count)) {
      return host.send(from, malformed(message, "add needs a whole delta, 0 or more"));
    }
    this.counts.set(this.id, count);
    host.save(this.id, count);
    host.send(from, { type: "add_ok", requestId });
  }

  /** Keeps the larger count of each node; returns the names of those that grew. */
  private merge(counts: Readonly<Record<NodeId, unknown>>): NodeId[] {
    const grown = Object.entries(counts).filter(([name, count]) => {
      return (count as number) > (this.counts.get(name) ?? 0);
    });
    for (const [name, count] of grown) this.counts.set(name, count as number);
    return grown.map(([name]) => name);
  }

  private gossip(host: CounterHost): void {
    if (this.counts.size === 0) return;
    const peer = this.peers[Math.floor(host.random() * this.peers.length)];
    host.send(peer, { type: "gossip", counts: Object.fromEntries(this.counts) });
  }
}
