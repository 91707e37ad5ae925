/**
 * A scheduler that goes on while a majority of its servers does: Raft with the task board as its
 * state machine, and a leader that stamps commands with its time and tells news.
 *
 * Source: Ongaro 2014, sections 6.3 and 6.4.1; ours, as the lock service, has time in the log. No
 * sessions: ids, attempts and sequence numbers make every command safe to repeat.
 * Assumes: as Raft; clocks may drift and jump, which moves times, and breaks nothing.
 * Guarantees: as `SchedulerServer`, of what a majority has; lost news come with heartbeats.
 * Cost: as Raft, an entry a command, however many tasks are in it.
 */
import { Raft } from "../consensus/raft";
import type { RaftOptions } from "../consensus/raft";
import type { Event, Host, Node, NodeId } from "../protocol";
import type { BoardCommand, StampedCommand } from "./board/commands";
import { boardSettings } from "./board/settings";
import type { BoardSettings } from "./board/settings";
import type { BoardState } from "./board/state";
import { nextTimerMs } from "./board/time";
import "./board/machine";
import { readTrustedClock } from "../protocol/trusted-clock";
import type { TrustedClock } from "../protocol/trusted-clock";
import { newsMessages } from "./messages";
import type { SchedulerMessage, SchedulerTimer } from "./messages";

export interface ReplicatedOptions extends RaftOptions {
  /** Of the board, as whoever leads has them. */
  readonly settings: Partial<BoardSettings>;
}

type ServerHost = Host<SchedulerMessage, SchedulerTimer>;
type RaftEvent = Parameters<Raft["handle"]>[0];
type ClientCommand = Extract<SchedulerMessage, { type: "command" }>;

export class ReplicatedScheduler implements Node<SchedulerMessage, SchedulerTimer> {
  readonly raft: Raft;
  readonly settings: BoardSettings;
  readonly clock: TrustedClock = { timeMs: 0, lookedMs: null };
  /** The term in which this server leads and has been told so; 0: it does not lead. */
  private ledTerm = 0;
  /** The log's index of the last tick. */
  private tickIndex = 0;

  /** `peers`: the other servers. Options are those of Raft; its machine is "task board". */
  constructor(
    readonly id: NodeId,
    peers: readonly NodeId[],
    { settings = {}, ...options }: Partial<ReplicatedOptions> = {},
  ) {
    this.settings = boardSettings(settings);
    this.raft = new Raft(id, peers, { machine: "task board", ...options });
  }

  get state(): BoardState {
    return this.raft.machineState as BoardState;
  }

  handle(event: Event<SchedulerMessage, SchedulerTimer>, host: ServerHost): void {
    const isCommand = event.kind === "message" && event.message.type === "command";
    const raftEvent = isCommand ? this.stamped(event.from, event.message, host) : event;
    this.raft.handle(raftEvent as RaftEvent, host);
    this.followRole(host);
    const isLeader = this.raft.role === "leader";
    if (isLeader && event.kind === "timer" && event.timer === "heartbeat") this.tick(host);
    this.tell(isLeader, host);
  }

  /** Only a leader's stamp counts: others turn the command away. */
  private stamped(from: NodeId, message: ClientCommand, host: ServerHost): RaftEvent {
    if (this.raft.role !== "leader") return { kind: "message", from, message };
    const command = this.stamp(message.command as BoardCommand, from, host);
    return { kind: "message", from, message: { ...message, command } };
  }

  private stamp(command: BoardCommand, from: NodeId, host: ServerHost): StampedCommand {
    return { ...command, atMs: this.readClock(host), from };
  }

  /** Planted bugs read it otherwise. */
  protected readClock({ nowMs }: ServerHost): number {
    const maxStepMs = 2 * this.raft.options.heartbeatMs;
    return readTrustedClock(this.clock, { nowMs, agreedMs: this.state.nowMs, maxStepMs });
  }

  private followRole(host: ServerHost): void {
    const { role, currentTerm } = this.raft;
    const term = role === "leader" ? currentTerm : 0;
    if (term === this.ledTerm) return;
    this.ledTerm = term;
    this.clock.lookedMs = null;
    this.tickIndex = 0;
    if (term > 0) this.configure(host);
  }

  private configure(host: ServerHost): void {
    const { settings } = this;
    if (JSON.stringify(this.state.settings) === JSON.stringify(settings)) return;
    this.propose({ op: "configure", settings }, host);
  }

  private propose(own: BoardCommand, host: ServerHost): void {
    const command = this.stamp(own, this.id, host);
    const message = { type: "command", requestId: 0, command } as const;
    this.raft.handle({ kind: "message", from: this.id, message }, host);
  }

  /** Lets time go on when something is due; one tick at a time. */
  private tick(host: ServerHost): void {
    const { lastApplied, log } = this.raft;
    const atMs = this.readClock(host);
    if (atMs < nextTimerMs(this.state) || lastApplied < this.tickIndex) return;
    this.propose({ op: "tick" }, host);
    this.tickIndex = log.baseIndex + log.entries.length;
  }

  private tell(isLeader: boolean, host: ServerHost): void {
    const { news } = this.state;
    if (news.length === 0) return;
    this.state.news = [];
    if (!isLeader) return;
    for (const [to, message] of newsMessages(news)) host.send(to, message);
  }
}
