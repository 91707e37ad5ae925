/**
 * The bully algorithm: the living node with the highest name leads, and takes over by telling the
 * lower ones, as soon as nobody higher answers in time.
 *
 * Source: H. Garcia-Molina, "Elections in a Distributed Computing System", IEEE Transactions on
 * Computers C-31, 1982, section III; with the messages of later textbooks, and epochs of our own.
 * Assumes: nodes crash and restart with what they saved; and time: whoever is alive answers within
 * `answerMs`. A slow node, a lost message or a partition breaks that.
 * Guarantees: while it holds, the highest living node alone leads, soon; when it is broken several
 * lead at once, each in its own epoch. Epochs are never used twice, and never run back at a node.
 * Cost: O(n^2) messages at worst, n - 1 at best, exactly as `formulas.ts` has it; n a heartbeat.
 */
import { inRange, withDefaults } from "../../basics";
import type { Event, Host, Message, Node, NodeId } from "../../protocol";
import { isHigher, isNewer, isSame, noEpoch, savedCount, savedEpoch } from "./epoch";
import type { Epoch } from "./epoch";

/** `count`: of an epoch, the highest that the sender has met; of a leader, its own. */
export interface BullyMessage extends Message {
  /** From outside, "stand": hold an election now. */
  readonly type: "election" | "answer" | "coordinator" | "heartbeat" | "stale" | "stand";
  readonly count: number;
}

export type BullyTimer = "answer" | "coordinator" | "heartbeat" | "leader";
type BullyHost = Host<BullyMessage, BullyTimer>;

export interface BullyOptions {
  /** Of a leader; default 100 ms. */
  readonly heartbeatMs: number;
  /** After so long without a heartbeat an election is held; default three and a half of them. */
  readonly leaderTimeoutMs: number;
  /**
   * Whoever does not answer within so long is taken for dead: the timing assumption. Over the
   * longest round trip with all that may delay it; default 50 ms.
   */
  readonly answerMs: number;
  /** Who answered has so long to take over; default 150 ms. */
  readonly coordinatorMs: number;
  /** Holds an election when it starts, as a node does that recovers; default true. */
  readonly standsAtStart: boolean;
}

export const defaultBullyOptions: BullyOptions = {
  heartbeatMs: 100,
  leaderTimeoutMs: 350,
  answerMs: 50,
  coordinatorMs: 150,
  standsAtStart: true,
};

export class Bully implements Node<BullyMessage, BullyTimer> {
  readonly options: BullyOptions;
  /** "electing": it has asked those above; "waiting": one of them has answered. */
  role: "idle" | "electing" | "waiting" | "follower" | "leader" = "idle";
  /** The one that it follows, or is; `noEpoch` before the first. */
  epoch: Epoch = noEpoch;
  leader: NodeId | null = null;
  private readonly peers: readonly NodeId[];
  private count = 0;

  /** Throws a RangeError for an option that is wrong. */
  constructor(
    readonly id: NodeId,
    peers: readonly NodeId[],
    options: Partial<BullyOptions> = {},
  ) {
    this.peers = peers.filter((peer) => peer !== id);
    this.options = bullyOptions(options);
  }

  handle(event: Event<BullyMessage, BullyTimer>, host: BullyHost): void {
    if (event.kind === "start") this.start(event.saved, host);
    else if (event.kind === "timer") this.ring(event.timer, host);
    else this.hear(event.from, event.message, host);
  }

  private start(saved: Readonly<Record<string, unknown>>, host: BullyHost): void {
    this.count = savedCount(saved);
    this.epoch = savedEpoch(saved);
    if (this.options.standsAtStart) this.stand(host);
    else host.setTimer("leader", this.options.leaderTimeoutMs);
  }

  private ring(timer: BullyTimer, host: BullyHost): void {
    if (timer === "answer") return this.lead(host);
    if (timer === "heartbeat") return this.beat(host);
    // The leader is silent, or who answered has died before it led.
    this.stand(host);
  }

  private hear(from: NodeId, message: BullyMessage, host: BullyHost): void {
    const { count } = message;
    this.meet(count, host);
    switch (message.type) {
      case "election":
        return this.onElection(from, host);
      case "answer":
        return this.onAnswer(host);
      case "coordinator":
      case "heartbeat":
        return this.onLeader({ count, leader: from }, host);
      case "stale":
        return this.onStale(host);
      case "stand":
        return this.stand(host);
      default:
        message.type satisfies never;
        return host.note("ignoredMessage", message.type as string);
    }
  }

  /** Asks all above; without any it leads at once. */
  private stand(host: BullyHost): void {
    const higher = this.peers.filter((peer) => isHigher(peer, this.id));
    this.depose(host);
    this.role = "electing";
    host.note("stood", { count: this.count });
    if (higher.length === 0) return this.lead(host);
    for (const peer of higher) host.send(peer, { type: "election", count: this.count });
    host.setTimer("answer", this.options.answerMs);
  }

  private lead(host: BullyHost): void {
    this.meet(this.count + 1, host);
    this.role = "leader";
    this.leader = this.id;
    this.enter({ count: this.count, leader: this.id }, host);
    host.note("becameLeader", this.epoch);
    for (const peer of this.peers) {
      if (isHigher(this.id, peer)) host.send(peer, { type: "coordinator", count: this.count });
    }
    for (const timer of ["answer", "coordinator", "leader"] as const) host.cancelTimer(timer);
    host.setTimer("heartbeat", this.options.heartbeatMs);
  }

  /** To all: those above may have come back without knowing. */
  private beat(host: BullyHost): void {
    const { count } = this.epoch;
    for (const peer of this.peers) host.send(peer, { type: "heartbeat", count });
    host.setTimer("heartbeat", this.options.heartbeatMs);
  }

  private onElection(from: NodeId, host: BullyHost): void {
    host.send(from, { type: "answer", count: this.count });
    if (this.role === "leader") {
      host.send(from, { type: "coordinator", count: this.epoch.count });
    } else if (this.role !== "electing" && this.role !== "waiting") this.stand(host);
  }

  private onAnswer(host: BullyHost): void {
    if (this.role !== "electing") return;
    this.role = "waiting";
    host.cancelTimer("answer");
    host.setTimer("coordinator", this.options.coordinatorMs);
  }

  /** A leader above is followed if its epoch is not old; one below is bullied. */
  private onLeader(epoch: Epoch, host: BullyHost): void {
    const { leader } = epoch;
    if (isHigher(this.id, leader)) {
      const isBelowLeader = this.leader !== null && this.leader !== this.id;
      if (this.role === "leader" || !isBelowLeader) this.bully(host);
      return;
    }
    if (this.isOld(epoch)) {
      return host.send(leader, { type: "stale", count: this.count });
    }
    this.follow(epoch, host);
  }

  protected isOld(epoch: Epoch): boolean {
    return isNewer(this.epoch, epoch);
  }

  private bully(host: BullyHost): void {
    if (this.role !== "electing" && this.role !== "waiting") this.stand(host);
  }

  private follow(epoch: Epoch, host: BullyHost): void {
    const isNews = !isSame(epoch, this.epoch) || this.role !== "follower";
    if (isNews) this.depose(host);
    this.role = "follower";
    this.leader = epoch.leader;
    this.enter(epoch, host);
    if (isNews) host.note("follows", epoch);
    host.cancelTimer("answer");
    host.cancelTimer("coordinator");
    host.setTimer("leader", this.options.leaderTimeoutMs);
  }

  /** Somebody has met a later epoch: it takes a new one, if it is still to lead. */
  private onStale(host: BullyHost): void {
    if (this.role === "leader" && this.count > this.epoch.count) this.stand(host);
  }

  private depose(host: BullyHost): void {
    if (this.role === "leader") host.note("steppedDown", this.epoch);
    host.cancelTimer("heartbeat");
    host.cancelTimer("leader");
    this.leader = null;
  }

  /** Kept over a restart: one that was left must not be entered again. */
  private enter(epoch: Epoch, host: BullyHost): void {
    if (!isSame(epoch, this.epoch)) host.save("epoch", epoch);
    this.epoch = epoch;
  }

  /** Saved before it is used: an epoch must not be used twice. */
  private meet(count: number, host: BullyHost): void {
    if (count <= this.count) return;
    this.count = count;
    host.save("count", count);
  }
}

function bullyOptions(given: Partial<BullyOptions>): BullyOptions {
  const heartbeatMs = given.heartbeatMs ?? defaultBullyOptions.heartbeatMs;
  const defaults = { ...defaultBullyOptions, leaderTimeoutMs: 3.5 * heartbeatMs };
  const options = withDefaults<BullyOptions>("Bully", defaults, given);
  for (const name of ["heartbeatMs", "leaderTimeoutMs", "answerMs", "coordinatorMs"] as const) {
    inRange(name, options[name], { min: 0.1, max: 86_400_000 });
  }
  return options;
}
