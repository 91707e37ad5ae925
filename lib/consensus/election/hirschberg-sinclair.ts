/**
 * Election in a two-way ring with few messages at worst: a name first has to be the highest within
 * 1 hop, then within 2, 4, 8... and only those who are go on.
 *
 * Source: D. S. Hirschberg, J. B. Sinclair, "Decentralized Extrema-Finding in Circular
 * Configurations of Processors", CACM 23, 1980; the bound is that of Lynch 1996, section 3.4.
 * Assumes: no failures; messages arrive, in any order; the ring is the same at all.
 * Guarantees: exactly one node ever leads, the highest, and all hear of it.
 * Cost: at most 8n(1 + ceil(log2 n)) messages, then n to announce; about 4n at the least.
 */
import type { Event, Host, Message, Node, NodeId } from "../../protocol";
import { isHigher, noEpoch } from "./epoch";
import type { Epoch } from "./epoch";
import { neighbourOf, ringOf } from "./ring";
import type { Elected, RingOptions } from "./ring";

/** 1: the way of the ring; -1: against it. */
type Direction = 1 | -1;

export type HirschbergSinclairMessage =
  /** `hops`: left to go, before it turns round. */
  | (Message & {
      readonly type: "probe";
      readonly name: NodeId;
      readonly phase: number;
      readonly hops: number;
      readonly direction: Direction;
    })
  | (Message & {
      readonly type: "reply";
      readonly name: NodeId;
      readonly phase: number;
      readonly direction: Direction;
    })
  | Elected;

type Probe = Extract<HirschbergSinclairMessage, { type: "probe" }>;
type Reply = Extract<HirschbergSinclairMessage, { type: "reply" }>;
type RingHost = Host<HirschbergSinclairMessage, never>;

export class HirschbergSinclair implements Node<HirschbergSinclairMessage, never> {
  leader: NodeId | null = null;
  epoch: Epoch = noEpoch;
  phase = 0;
  private replies = 0;
  private readonly neighbours: Readonly<Record<Direction, NodeId>>;

  /** Throws a RangeError for a ring that is wrong. */
  constructor(
    readonly id: NodeId,
    peers: readonly NodeId[],
    { ring = null }: Partial<RingOptions> = {},
  ) {
    const all = ringOf(id, peers, ring);
    this.neighbours = { [1]: neighbourOf(id, all), [-1]: neighbourOf(id, all, -1) };
  }

  handle(event: Event<HirschbergSinclairMessage, never>, host: RingHost): void {
    if (event.kind === "start") return this.probe(host);
    if (event.kind === "timer") return;
    const { message } = event;
    if (message.type === "probe") this.onProbe(message, host);
    else if (message.type === "reply") this.onReply(message, host);
    else this.learn(message, host);
  }

  /** Whether a name may go on. */
  protected passes(name: NodeId): boolean {
    return isHigher(name, this.id);
  }

  private probe(host: RingHost): void {
    const { id: name, phase } = this;
    for (const direction of [1, -1] as const) {
      const hops = 2 ** phase;
      this.send(direction, { type: "probe", name, phase, hops, direction }, host);
    }
  }

  private onProbe(probe: Probe, host: RingHost): void {
    const { name, phase, hops, direction } = probe;
    if (name === this.id) return this.lead(host);
    if (!this.passes(name)) return;
    if (hops > 1) return this.send(direction, { ...probe, hops: hops - 1 }, host);
    const back = direction === 1 ? -1 : 1;
    this.send(back, { type: "reply", name, phase, direction: back }, host);
  }

  private onReply(reply: Reply, host: RingHost): void {
    if (reply.name !== this.id) return this.send(reply.direction, reply, host);
    this.replies++;
    if (this.replies < 2) return;
    this.replies = 0;
    this.phase++;
    this.probe(host);
  }

  /** Its probe has gone all the way round; so has the one in the other direction, or will. */
  private lead(host: RingHost): void {
    if (this.leader !== null) return;
    this.leader = this.id;
    this.epoch = { count: 1, leader: this.id };
    host.note("becameLeader", this.epoch);
    this.send(1, { type: "elected", leader: this.id }, host);
  }

  private learn(elected: Elected, host: RingHost): void {
    if (elected.leader === this.id) return;
    this.leader = elected.leader;
    this.epoch = { count: 1, leader: elected.leader };
    host.note("follows", this.epoch);
    this.send(1, elected, host);
  }

  private send(direction: Direction, message: HirschbergSinclairMessage, host: RingHost): void {
    host.send(this.neighbours[direction], message);
  }
}
