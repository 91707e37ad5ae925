/**
 * Election in a one-way ring: names travel round, higher ones pass, lower ones are swallowed, and
 * whose own name comes back leads. Any nodes may begin, and may begin again.
 *
 * Source: E. Chang, R. Roberts, "An Improved Algorithm for Decentralized Extrema-Finding in
 * Circular Configurations of Processes", CACM 22, 1979. Ours numbers elections, repeats them in
 * time, and is told of the ring by a membership service: the paper knows no failures.
 * Assumes: the ring is the same at all living nodes; messages on it arrive, or time runs out.
 * Guarantees: of one election in one ring exactly one node leads, the highest that lives.
 * Cost: with all n beginning 2n - 1 to n(n + 1)/2 messages, n H_n in the mean; then n to announce.
 */
import { inRange, withDefaults } from "../../basics";
import type { Event, Host, Message, Node, NodeId } from "../../protocol";
import { isHigher, isNewer, noEpoch, savedCount, savedEpoch } from "./epoch";
import type { Epoch } from "./epoch";
import { neighbourOf, ringOf } from "./ring";
import type { RingOptions } from "./ring";

/** `count`: the number of the election. */
export type ChangRobertsMessage =
  | (Message & { readonly type: "election"; readonly count: number; readonly candidate: NodeId })
  | (Message & { readonly type: "elected"; readonly count: number; readonly leader: NodeId })
  /** From outside: the ring is this from now on. */
  | (Message & { readonly type: "ring"; readonly ring: readonly NodeId[] })
  /** From outside: begin an election. */
  | (Message & { readonly type: "stand" });

export interface ChangRobertsOptions extends RingOptions {
  /** An election that has not ended by then is begun anew; default 1,000 ms. */
  readonly electionMs: number;
  /** Begins when it starts; default true. */
  readonly standsAtStart: boolean;
}

type ChangRobertsHost = Host<ChangRobertsMessage, "election">;

export class ChangRoberts implements Node<ChangRobertsMessage, "election"> {
  readonly options: ChangRobertsOptions;
  /** It has sent its own name, or passed on a higher one. */
  isParticipant = false;
  leader: NodeId | null = null;
  epoch: Epoch = noEpoch;
  private ring: readonly NodeId[];
  private count = 0;

  /** Throws a RangeError for an option that is wrong. */
  constructor(
    readonly id: NodeId,
    peers: readonly NodeId[],
    options: Partial<ChangRobertsOptions> = {},
  ) {
    const defaults = { ring: null, electionMs: 1_000, standsAtStart: true };
    this.options = withDefaults<ChangRobertsOptions>("Chang-Roberts", defaults, options);
    inRange("electionMs", this.options.electionMs, { min: 0.1, max: 86_400_000 });
    this.ring = ringOf(id, peers, this.options.ring);
  }

  handle(event: Event<ChangRobertsMessage, "election">, host: ChangRobertsHost): void {
    if (event.kind === "start") {
      this.count = savedCount(event.saved);
      this.epoch = savedEpoch(event.saved);
      if (this.options.standsAtStart) this.stand(this.count + 1, host);
    } else if (event.kind === "timer") {
      if (this.leader === null) this.stand(this.count + 1, host);
    } else this.hear(event.message, host);
  }

  private hear(message: ChangRobertsMessage, host: ChangRobertsHost): void {
    switch (message.type) {
      case "election":
        return this.onElection(message, host);
      case "elected":
        return this.onElected(message, host);
      case "ring":
        return this.onRing(message.ring, host);
      case "stand":
        return this.stand(this.count + 1, host);
      default:
        message satisfies never;
        return host.note("ignoredMessage", (message as ChangRobertsMessage).type);
    }
  }

  /** Whether a name may go on. */
  protected passes(name: NodeId): boolean {
    return isHigher(name, this.id);
  }

  private stand(count: number, host: ChangRobertsHost): void {
    this.enter(count, host);
    this.isParticipant = true;
    host.note("stood", { count });
    this.pass({ type: "election", count, candidate: this.id }, host);
  }

  /** A later election makes all earlier ones void. */
  private enter(count: number, host: ChangRobertsHost): void {
    if (count > this.count) {
      this.count = count;
      host.save("count", count);
      this.isParticipant = false;
      if (this.leader === this.id) host.note("steppedDown", this.epoch);
      this.leader = null;
    }
    host.setTimer("election", this.options.electionMs);
  }

  private onElection(
    message: Extract<ChangRobertsMessage, { type: "election" }>,
    host: ChangRobertsHost,
  ): void {
    const { count, candidate } = message;
    if (count < this.count) return;
    this.enter(count, host);
    if (candidate === this.id) return this.lead(host);
    if (this.passes(candidate)) {
      this.isParticipant = true;
      this.pass(message, host);
    } else if (!this.isParticipant) this.stand(count, host);
  }

  private lead(host: ChangRobertsHost): void {
    if (this.leader === this.id) return;
    this.follow({ count: this.count, leader: this.id }, host);
    host.note("becameLeader", this.epoch);
    this.pass({ type: "elected", ...this.epoch }, host);
  }

  private onElected(
    message: Extract<ChangRobertsMessage, { type: "elected" }>,
    host: ChangRobertsHost,
  ): void {
    const { count, leader } = message;
    if (leader === this.id || count < this.count || isNewer(this.epoch, message)) return;
    this.enter(count, host);
    this.follow({ count, leader }, host);
    host.note("follows", this.epoch);
    this.pass(message, host);
  }

  private follow(epoch: Epoch, host: ChangRobertsHost): void {
    this.epoch = epoch;
    host.save("epoch", epoch);
    this.leader = epoch.leader;
    this.isParticipant = false;
  }

  /** Whoever leads may be out of the new ring, and an election may have been lost with a node. */
  private onRing(ring: readonly NodeId[], host: ChangRobertsHost): void {
    this.ring = ringOf(this.id, ring, ring);
    this.stand(this.count + 1, host);
  }

  private pass(message: ChangRobertsMessage, host: ChangRobertsHost): void {
    host.send(neighbourOf(this.id, this.ring), message);
  }
}
