/**
 * A server of a lock service that goes on while a majority of its servers does: Raft with the lock
 * table as its state machine, a leader that stamps commands with the time, and news to clients.
 *
 * Source: M. Burrows, "The Chubby lock service", OSDI 2006; Ongaro 2014, section 6.4.1 (time in
 * the log). Ours sends grants at once, and again with renewals until they are acknowledged.
 * Assumes: as Raft; leases moreover that the clocks of leader and client differ in rate by at most
 * the client's `driftRate`. Clocks may jump: only fencing holds against a client's own jump.
 * Guarantees: one holder or shared ones at any entry of the log; tokens rise; fair queues.
 * Cost: as Raft, an entry a command; a renewal is a command too; a grant to a waiter one message.
 */
import { Raft } from "../consensus/raft";
import type { RaftOptions } from "../consensus/raft";
import type { Event, Host, Node, NodeId } from "../protocol";
import { readTrustedClock, trustedMs } from "../protocol/trusted-clock";
import type { TrustedClock, TrustedMs } from "../protocol/trusted-clock";
import type { LockMessage, LockTimer } from "./messages";
import { lockMachine } from "./table";
import type { LockCommand, LockNews, LockState } from "./table";
import { registerMachine } from "../consensus/raft";

registerMachine(lockMachine());

type LockHost = Host<LockMessage, LockTimer>;
type RaftEvent = Parameters<Raft["handle"]>[0];
type ClientCommand = Extract<LockMessage, { type: "command" }>;

export class LockServer implements Node<LockMessage, LockTimer> {
  readonly raft: Raft;
  readonly clock: TrustedClock = { timeMs: 0, lookedMs: null };
  /** The term in which this server leads and has been told so; 0: it does not lead. */
  private ledTerm = 0;
  /** News up to this number were sent by this leader. */
  private sentNews = 0;
  /** The log's index of the last tick. */
  private tickIndex = 0;

  /** `peers`: the other servers. Options are those of Raft; its machine is "locks". */
  constructor(
    readonly id: NodeId,
    peers: readonly NodeId[],
    options: Partial<RaftOptions> = {},
  ) {
    this.raft = new Raft(id, peers, { machine: "locks", ...options });
  }

  get state(): LockState {
    return this.raft.machineState as LockState;
  }

  /** What of the own clock counts; planted bugs trust it more. */
  protected get trusted(): TrustedMs {
    return trustedMs;
  }

  handle(event: Event<LockMessage, LockTimer>, host: LockHost): void {
    const isCommand = event.kind === "message" && event.message.type === "command";
    const raftEvent = isCommand ? this.stamped(event.from, event.message, host) : event;
    this.raft.handle(raftEvent as RaftEvent, host);
    this.followRole();
    if (this.raft.role !== "leader") return;
    if (event.kind === "timer" && event.timer === "heartbeat") this.tick(host);
    this.sendNews(host);
  }

  /** Only a leader's stamp counts: others turn the command away. */
  private stamped(from: NodeId, message: ClientCommand, host: LockHost): RaftEvent {
    if (this.raft.role !== "leader") return { kind: "message", from, message };
    const command = { ...(message.command as LockCommand), client: from };
    const atMs = this.stampOf(command, host);
    return { kind: "message", from, message: { ...message, command: { ...command, atMs } } };
  }

  /** The time that a command is done at. */
  protected stampOf(_command: LockCommand, { nowMs }: LockHost): number {
    const maxStepMs = 2 * this.raft.options.heartbeatMs;
    const own = { nowMs, agreedMs: this.state.nowMs, maxStepMs };
    return readTrustedClock(this.clock, own, this.trusted);
  }

  private followRole(): void {
    const { role, currentTerm } = this.raft;
    const term = role === "leader" ? currentTerm : 0;
    if (term === this.ledTerm) return;
    this.ledTerm = term;
    this.clock.lookedMs = null;
    this.sentNews = 0;
    this.tickIndex = 0;
  }

  /** Lets time go on when something may have expired; one tick at a time. */
  private tick(host: LockHost): void {
    const command = { op: "tick" } as const;
    const atMs = this.stampOf(command, host);
    const { lastApplied, log } = this.raft;
    if (atMs < this.state.nextDeadlineMs || lastApplied < this.tickIndex) return;
    const message = { type: "command", requestId: 0, command: { ...command, atMs } } as const;
    this.raft.handle({ kind: "message", from: this.id, message }, host);
    this.tickIndex = log.baseIndex + log.entries.length;
  }

  /** A new leader tells all that is not acknowledged; from then on what is new. */
  private sendNews(host: LockHost): void {
    const { state } = this;
    if (state.lastNews === this.sentNews) return;
    const told =
      this.sentNews === 0
        ? [...state.sessions.keys()]
        : state.recentlyTold.flatMap(({ number, session }) =>
            number > this.sentNews ? [session] : [],
          );
    for (const id of new Set(told)) {
      const session = state.sessions.get(id);
      const news = (session?.news ?? []).filter(({ number }) => number > this.sentNews);
      if (session !== undefined && news.length > 0) this.send(session.client, id, news, host);
    }
    this.sentNews = state.lastNews;
  }

  private send(to: NodeId, session: number, news: readonly LockNews[], host: LockHost): void {
    host.send(to, { type: "lockNews", session, news });
  }
}
