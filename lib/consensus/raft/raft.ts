/**
 * Raft: a replicated state machine that goes on while a majority of its servers does.
 *
 * Source: D. Ongaro, "Consensus: Bridging Theory and Practice", Stanford 2014; each file beside
 * this one names its sections and where ours differs.
 * Assumes: servers crash and start again with what they saved; messages are lost, repeated,
 * delayed, reordered; no server lies. Time matters for progress, and for leases only.
 * Guarantees: election safety, leader append-only, log matching, leader completeness, state-machine
 * safety; a majority that can talk elects a leader and goes on.
 * Cost: a command takes a round trip and a write at a majority; 2(n-1) messages, or one a batch.
 */
import type { Event, Node, NodeId } from "../../protocol";
import { onAppendEntries } from "./append-entries";
import { onClientRequest } from "./clients";
import { advanceCommit, applyCommitted } from "./commit";
import { onElectionTimeout, onRequestVote, onRequestVoteAnswer, onTimeoutNow } from "./election";
import { emptyLog } from "./log";
import type { Log } from "./log";
import { machineNamed } from "./machines";
import type { Machine } from "./machines";
import { simpleMembership } from "./membership";
import type { MembershipEntry } from "./membership";
import { advanceChange } from "./membership-change";
import type { RaftMessage, RaftTimer } from "./messages";
import { raftOptions } from "./options";
import type { RaftOptions } from "./options";
import { serveReads } from "./reads";
import { onAppendEntriesAnswer, onHeartbeat, replicate } from "./replication";
import { setElectionTimer } from "./roles";
import { thesisRules } from "./rules";
import type { Rules } from "./rules";
import type { Sessions } from "./sessions";
import { onInstallSnapshotAnswer } from "./snapshot-sending";
import { onInstallSnapshot, takeSnapshotIfDue } from "./snapshots";
import type { IncomingSnapshot, Leadership, RaftHost, RaftState, Role, Snapshot } from "./state";
import { onSaved, restore, saveUnsaved } from "./storage";
import { advanceTransfer, onTransferTimeout } from "./transfer";

export class Raft implements Node<RaftMessage, RaftTimer>, RaftState {
  readonly options: RaftOptions;
  currentTerm = 0;
  votedFor: NodeId | null = null;
  log: Log = emptyLog();
  snapshot: Snapshot | null = null;
  memberships: MembershipEntry[];
  role: Role = "follower";
  leader: NodeId | null = null;
  heardMs = -Infinity;
  commitIndex = 0;
  lastApplied = 0;
  machineState: unknown;
  sessions: Sessions = new Map();
  votes = new Map<NodeId, boolean>();
  incoming: IncomingSnapshot | null = null;
  leadership: Leadership | null = null;

  /** `peers`: the other servers. Throws a RangeError for an option that is wrong. */
  constructor(
    readonly id: NodeId,
    peers: readonly NodeId[],
    options: Partial<RaftOptions> = {},
  ) {
    this.options = raftOptions(options);
    this.machineState = this.machine.initial();
    const { voters, learners } = this.options;
    const membership = simpleMembership(voters ?? [id, ...peers], learners);
    this.memberships = [{ index: 0, membership }];
  }

  /** What is safe; see `Rules`. */
  get rules(): Rules {
    return thesisRules;
  }

  get machine(): Machine {
    return machineNamed(this.options.machine);
  }

  handle(event: Event<RaftMessage, RaftTimer>, host: RaftHost): void {
    if (event.kind === "start") this.start(event.saved, host);
    else if (event.kind === "timer") this.ring(event.timer, host);
    else this.hear(event.from, event.message, host);
    this.settle(host);
  }

  /** One that has run before may have helped a leader that it no longer knows of. */
  private start(saved: Readonly<Record<string, unknown>>, host: RaftHost): void {
    restore(this, saved, host);
    if (this.currentTerm > 0) this.heardMs = host.nowMs;
    setElectionTimer(this, host);
  }

  private ring(timer: RaftTimer, host: RaftHost): void {
    const { leadership } = this;
    if (timer === "election") onElectionTimeout(this, host);
    else if (leadership === null) return;
    else if (timer === "heartbeat") onHeartbeat(this, leadership, host);
    else if (timer === "transfer") onTransferTimeout(leadership, host);
  }

  private hear(from: NodeId, message: RaftMessage, host: RaftHost): void {
    switch (message.type) {
      case "requestVote":
        return onRequestVote(this, from, message, host);
      case "requestVoteAnswer":
        return onRequestVoteAnswer(this, from, message, host);
      case "appendEntries":
        return onAppendEntries(this, from, message, host);
      case "appendEntriesAnswer":
        return onAppendEntriesAnswer(this, from, message, host);
      case "installSnapshot":
        return onInstallSnapshot(this, from, message, host);
      case "installSnapshotAnswer":
        return onInstallSnapshotAnswer(this, from, message, host);
      case "timeoutNow":
        return onTimeoutNow(this, message, host);
      case "saved":
        return from === this.id ? onSaved(this, message) : undefined;
      case "openSession":
      case "command":
      case "query":
      case "changeMembership":
      case "transferLeadership":
        return onClientRequest(this, from, message, host);
      case "answer":
      case "submit":
        return;
      default:
        message satisfies never;
        return host.note("ignoredMessage", (message as RaftMessage).type);
    }
  }

  /**
   * After every event, whatever follows from it. A step of a membership change may commit at once
   * (with a single voter), so the two repeat: a change has three steps at most.
   */
  private settle(host: RaftHost): void {
    for (let step = 0; step <= 4; step++) {
      if (this.leadership !== null) advanceCommit(this, this.leadership, host);
      applyCommitted(this, host);
      if (this.leadership === null || !advanceChange(this, this.leadership, host)) break;
    }
    if (this.leadership !== null) {
      replicate(this, this.leadership, host);
      advanceTransfer(this, this.leadership, host);
      serveReads(this, this.leadership, host);
      saveUnsaved(this, this.leadership, host);
    }
    takeSnapshotIfDue(this, host);
  }
}
