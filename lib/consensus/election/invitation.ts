/**
 * The invitation algorithm: nodes gather in groups, each with one coordinator; coordinators that
 * hear of each other merge their groups, and whoever loses its coordinator is a group of one again.
 *
 * Source: H. Garcia-Molina, "Elections in a Distributed Computing System", IEEE Transactions on
 * Computers C-31, 1982, section IV. Ours gives higher names less patience in place of priorities.
 * Assumes: nodes crash and restart with what they saved; messages are late, lost, repeated.
 * Guarantees: members of one group have one coordinator, at any time; where messages get through in
 * time for long enough, one group is left. In a partition each part has its own group, so several
 * lead: groups are numbered, so that the old ones can be refused.
 * Cost: n messages a check and coordinator, 3 a node that joins; 2 a member and poll.
 */
import { inRange, withDefaults } from "../../basics";
import type { Event, Host, Message, Node, NodeId } from "../../protocol";
import { compareNames, isNewer, isSame, noEpoch, savedCount } from "./epoch";
import type { Epoch } from "./epoch";

export type InvitationMessage =
  | (Message & { readonly type: "areYouCoordinator" })
  | (Message & { readonly type: "iAmCoordinator"; readonly count: number })
  /** Into this group; members pass on what their coordinator got. */
  | (Message & { readonly type: "invitation"; readonly group: Epoch })
  | (Message & { readonly type: "accept"; readonly group: Epoch })
  | (Message & { readonly type: "ready"; readonly group: Epoch })
  | (Message & { readonly type: "areYouThere"; readonly group: Epoch })
  | (Message & { readonly type: "yes"; readonly group: Epoch })
  | (Message & { readonly type: "no"; readonly group: Epoch });

export type InvitationTimer = "check" | "merge" | "ready" | "recover" | "poll";
type InvitationHost = Host<InvitationMessage, InvitationTimer>;

export interface InvitationOptions {
  /** A coordinator looks for others so often; default 200 ms. */
  readonly checkMs: number;
  /** Answers are waited for so long: over a round trip. Default 50 ms. */
  readonly answerMs: number;
  /** A member asks whether its coordinator is there so often; default 100 ms. */
  readonly pollMs: number;
}

export const defaultInvitationOptions: InvitationOptions = {
  checkMs: 200,
  answerMs: 50,
  pollMs: 100,
};

export class Invitation implements Node<InvitationMessage, InvitationTimer> {
  readonly options: InvitationOptions;
  /** "inviting": it makes a group; "joining": it has accepted, and waits until that is ready. */
  role: "leader" | "inviting" | "joining" | "member" = "leader";
  /** Its group; while it joins, the one that it joins. */
  epoch: Epoch = noEpoch;
  /** Of the group as its coordinator knows them, itself left out. */
  readonly members = new Set<NodeId>();
  private readonly found = new Set<NodeId>();
  private isAnswered = true;
  private readonly peers: readonly NodeId[];
  private count = 0;

  /** Throws a RangeError for an option that is wrong. */
  constructor(
    readonly id: NodeId,
    peers: readonly NodeId[],
    options: Partial<InvitationOptions> = {},
  ) {
    this.peers = peers.filter((peer) => peer !== id);
    this.options = withDefaults("Invitation", defaultInvitationOptions, options);
    for (const name of ["checkMs", "answerMs", "pollMs"] as const) {
      inRange(name, this.options[name], { min: 0.1, max: 86_400_000 });
    }
  }

  /** Null between two groups. */
  get leader(): NodeId | null {
    return this.role === "leader" || this.role === "member" ? this.epoch.leader : null;
  }

  handle(event: Event<InvitationMessage, InvitationTimer>, host: InvitationHost): void {
    if (event.kind === "start") {
      this.count = savedCount(event.saved);
      this.recover(host);
    } else if (event.kind === "timer") this.ring(event.timer, host);
    else this.hear(event.from, event.message, host);
  }

  private ring(timer: InvitationTimer, host: InvitationHost): void {
    if (timer === "check") return this.check(host);
    if (timer === "merge") return this.merge(host);
    if (timer === "ready") return this.makeReady(host);
    if (timer === "recover") return this.recover(host);
    if (!this.isAnswered) return this.recover(host);
    this.poll(host);
  }

  private hear(from: NodeId, message: InvitationMessage, host: InvitationHost): void {
    switch (message.type) {
      case "areYouCoordinator":
        if (this.role === "leader") {
          host.send(from, { type: "iAmCoordinator", count: this.count });
        }
        return;
      case "iAmCoordinator":
        this.meet(message.count, host);
        return void this.found.add(from);
      case "invitation":
        return this.onInvitation(message.group, host);
      case "accept":
        return this.onAccept(from, message.group);
      case "ready":
        return this.onReady(message.group, host);
      case "areYouThere":
        return this.onPoll(from, message.group, host);
      case "yes":
        if (isSame(message.group, this.epoch)) this.isAnswered = true;
        return;
      case "no":
        if (this.role === "member" && isSame(message.group, this.epoch)) this.recover(host);
        return;
      default:
        message satisfies never;
        return host.note("ignoredMessage", (message as InvitationMessage).type);
    }
  }

  /** A group of one, whose coordinator it is. */
  private recover(host: InvitationHost): void {
    this.enterGroup({ count: this.count + 1, leader: this.id }, host);
    this.members.clear();
    this.becomeLeader(host);
  }

  private becomeLeader(host: InvitationHost): void {
    this.role = "leader";
    for (const timer of ["ready", "recover", "poll", "merge"] as const) host.cancelTimer(timer);
    // Not all at once: two that invite each other at one time both fail.
    host.setTimer("check", this.options.checkMs * (0.5 + host.random()));
    host.note("becameLeader", this.epoch);
  }

  private check(host: InvitationHost): void {
    this.found.clear();
    for (const peer of this.peers) {
      if (!this.members.has(peer)) host.send(peer, { type: "areYouCoordinator" });
    }
    host.setTimer("merge", this.options.answerMs * (1 + this.patience));
  }

  /** Higher names go first: 0 for the highest, nearly 1 for the lowest. */
  private get patience(): number {
    const higher = this.peers.filter((peer) => compareNames(peer, this.id) > 0);
    return higher.length / (this.peers.length + 1);
  }

  private merge(host: InvitationHost): void {
    if (this.role !== "leader") return;
    if (this.found.size === 0) return host.setTimer("check", this.options.checkMs);
    const invited = new Set([...this.found, ...this.members]);
    host.note("steppedDown", this.epoch);
    this.enterGroup({ count: this.count + 1, leader: this.id }, host);
    this.role = "inviting";
    this.members.clear();
    host.cancelTimer("check");
    for (const peer of invited) host.send(peer, { type: "invitation", group: this.epoch });
    host.setTimer("ready", 2 * this.options.answerMs);
  }

  /** A coordinator that is invited asks its members along. */
  private onInvitation(group: Epoch, host: InvitationHost): void {
    if (group.leader === this.id || !isNewer(group, this.epoch)) return;
    if (this.role !== "leader" && this.role !== "member") return;
    if (this.role === "leader") {
      for (const member of this.members) host.send(member, { type: "invitation", group });
      host.note("steppedDown", this.epoch);
    }
    this.enterGroup(group, host);
    this.role = "joining";
    this.members.clear();
    for (const timer of ["check", "merge", "poll"] as const) host.cancelTimer(timer);
    host.send(group.leader, { type: "accept", group });
    host.setTimer("recover", 4 * this.options.answerMs);
  }

  private onAccept(from: NodeId, group: Epoch): void {
    if (this.role === "inviting" && isSame(group, this.epoch)) this.members.add(from);
  }

  private makeReady(host: InvitationHost): void {
    if (this.role !== "inviting") return;
    for (const member of this.members) host.send(member, { type: "ready", group: this.epoch });
    this.becomeLeader(host);
  }

  private onReady(group: Epoch, host: InvitationHost): void {
    if (this.role !== "joining" || !isSame(group, this.epoch)) return;
    this.role = "member";
    host.cancelTimer("recover");
    host.note("follows", group);
    this.poll(host);
  }

  private poll(host: InvitationHost): void {
    this.isAnswered = false;
    host.send(this.epoch.leader, { type: "areYouThere", group: this.epoch });
    host.setTimer("poll", this.options.pollMs);
  }

  private onPoll(from: NodeId, group: Epoch, host: InvitationHost): void {
    const isThere = isSame(group, this.epoch) && this.role === "leader" && this.members.has(from);
    host.send(from, { type: isThere ? "yes" : "no", group });
  }

  private enterGroup(group: Epoch, host: InvitationHost): void {
    this.meet(group.count, host);
    this.epoch = group;
  }

  /** Saved before it is used: a group must not have the number of another. */
  private meet(count: number, host: InvitationHost): void {
    if (count <= this.count) return;
    this.count = count;
    host.save("count", count);
  }
}
