/**
 * Two-phase commit as Stateright's example 2pc models it, after L. Lamport's TwoPhase.tla: what was
 * sent stays sent, and everybody may decide at any time.
 */
import type { Event, Host, Message, Node, NodeId } from "dabbawala/protocol";

export type Vote = Message & { readonly type: "prepared" | "commit" | "abort" };
export type Timer = "prepare" | "abort" | "commit";
type VoteHost = Host<Vote, Timer>;

export class Coordinator implements Node<Vote, Timer> {
  state: "init" | "committed" | "aborted" = "init";
  prepared = new Set<NodeId>();

  constructor(
    readonly id: NodeId,
    readonly participants: readonly NodeId[],
    readonly options: { quorum?: number } = {},
  ) {}

  handle(event: Event<Vote, Timer>, host: VoteHost): void {
    if (this.state !== "init") return;
    if (event.kind === "start") host.setTimer("abort", 1);
    else if (event.kind === "timer") this.decide(event.timer === "commit", host);
    else if (event.message.type === "prepared") {
      this.prepared.add(event.from);
      const quorum = this.options.quorum ?? this.participants.length;
      if (this.prepared.size >= quorum) host.setTimer("commit", 1);
    }
  }

  private decide(isCommit: boolean, host: VoteHost): void {
    this.state = isCommit ? "committed" : "aborted";
    host.cancelTimer("commit");
    host.cancelTimer("abort");
    for (const to of this.participants) host.send(to, { type: isCommit ? "commit" : "abort" });
  }
}

export class Participant implements Node<Vote, Timer> {
  state: "working" | "prepared" | "committed" | "aborted" = "working";

  constructor(
    readonly id: NodeId,
    readonly peers: readonly NodeId[],
  ) {}

  handle(event: Event<Vote, Timer>, host: VoteHost): void {
    if (event.kind === "start") {
      host.setTimer("prepare", 1);
      return host.setTimer("abort", 1);
    }
    host.cancelTimer("prepare");
    host.cancelTimer("abort");
    if (event.kind === "message") {
      this.state = event.message.type === "commit" ? "committed" : "aborted";
    } else if (event.timer === "prepare") {
      this.state = "prepared";
      host.send("n0", { type: "prepared" });
    } else this.state = "aborted";
  }
}
