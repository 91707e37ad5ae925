/**
 * A scheduler on one server: the task board, with every command in a log that outlives a crash, and
 * now and then a snapshot in its place. Commands of many tasks are one entry each.
 *
 * Source: J. Gray, A. Reuter, "Transaction Processing", 1993, chapter 9 (log, checkpoint); the
 * board: `board/task-board.ts`. Ours logs the commands, and does them again after a crash.
 * Assumes: crash and recovery; what was saved is kept. Messages may be lost, late or twice.
 * Guarantees: what was answered is durable; a task runs at least once, to effect once by its key.
 * Cost: one save a command, together with others' while the disk is busy; a snapshot after as many
 * changes as twice the tasks that it holds.
 */
import { wholeInRange, withDefaults } from "../basics";
import type { Event, Host, Node, NodeId } from "../protocol";
import { boardSettings } from "./board/settings";
import type { BoardSettings } from "./board/settings";
import { machineNamed } from "../consensus/raft";
import type { BoardAnswer, BoardCommand, StampedCommand } from "./board/commands";
import "./board/machine";
import type { BoardMachine } from "./board/machine";
import type { BoardState } from "./board/state";
import { nextTimerMs } from "./board/time";
import { readTrustedClock } from "../protocol/trusted-clock";
import type { TrustedClock } from "../protocol/trusted-clock";
import { cleanSnapshots, readSnapshot, saveSnapshot } from "./board-log";
import type { SnapshotHeader } from "./board-log";
import { newsMessages } from "./messages";
import type { SchedulerMessage, SchedulerTimer } from "./messages";

export interface SchedulerOptions {
  /** Of the board; others than it had count from the next start on. */
  readonly settings: Partial<BoardSettings>;
  /** How often time is looked at, when nothing else happens. Default 50 ms. */
  readonly tickMs: number;
  /** Changes in the log after which there is a snapshot, at the least. Default 20,000. */
  readonly snapshotEvery: number;
  /** The machine's registered name. Default "task board". */
  readonly machine: string;
}

const defaults: SchedulerOptions = {
  ...{ settings: {}, tickMs: 50, snapshotEvery: 20_000, machine: "task board" },
};

type ServerHost = Host<SchedulerMessage, SchedulerTimer>;

/** Nothing in the log tells them from time that passes. */
const changesNothing: readonly BoardAnswer["kind"][] = ["full", "draining", "invalid", "outdated"];

export class SchedulerServer implements Node<SchedulerMessage, SchedulerTimer> {
  readonly options: SchedulerOptions;
  state: BoardState;
  private readonly machine: BoardMachine;
  readonly clock: TrustedClock = { timeMs: 0, lookedMs: null };
  /** Of the last command in the log. */
  lastIndex = 0;
  private snapshot: SnapshotHeader | null = null;
  /** Tasks named by the commands since the snapshot. */
  private changes = 0;

  /** `peers` are not asked for anything. RangeError for an option that is wrong. */
  constructor(
    readonly id: NodeId,
    readonly peers: readonly NodeId[] = [],
    options: Partial<SchedulerOptions> = {},
  ) {
    const whole = withDefaults("a scheduler", defaults, options);
    this.options = { ...whole, settings: boardSettings(whole.settings) };
    const { tickMs, snapshotEvery, machine } = whole;
    wholeInRange("tickMs", tickMs, { min: 1, max: 60_000 });
    wholeInRange("snapshotEvery", snapshotEvery, { min: 1, max: 1e9 });
    this.machine = machineNamed(machine) as BoardMachine;
    this.state = this.machine.initial();
  }

  handle(event: Event<SchedulerMessage, SchedulerTimer>, host: ServerHost): void {
    if (event.kind === "start") return this.start(event.saved, host);
    if (event.kind === "timer") return this.tick(host);
    const { from, message } = event;
    if (message.type === "command") {
      const result = this.perform(message.command as BoardCommand, { from, host });
      host.send(from, { type: "answer", requestId: message.requestId, kind: "ok", result });
      this.tell(host);
    } else if (message.type === "query") {
      const result = this.machine.query(this.state, message.query);
      host.send(from, { type: "answer", requestId: message.requestId, kind: "ok", result });
    } else if (message.type === "openSession") {
      const reason = "a single scheduler has no sessions: repeated commands do no harm";
      host.send(from, { type: "answer", requestId: message.requestId, kind: "refused", reason });
    }
  }

  /** The snapshot, and what was done since. */
  private start(saved: Readonly<Record<string, unknown>>, host: ServerHost): void {
    const found = readSnapshot(saved);
    if (found !== undefined) {
      this.state = this.machine.fromJson(found.json);
      this.snapshot = found.header;
      this.lastIndex = found.header.index;
    }
    for (;;) {
      const command = saved[`log/${this.lastIndex + 1}`];
      if (command === undefined) break;
      this.machine.apply(this.state, command);
      this.lastIndex++;
      this.changes += changesIn(command as StampedCommand);
    }
    cleanSnapshots(saved, host);
    this.state.news = [];
    host.note("started", { index: this.lastIndex, tasks: this.state.tasks.size });
    this.configure(host);
    this.tick(host);
  }

  private configure(host: ServerHost): void {
    const { settings } = this.options;
    if (JSON.stringify(this.state.settings) === JSON.stringify(settings)) return;
    this.perform({ op: "configure", settings }, { from: this.id, host });
  }

  /** Does it, and has it in the log before anything that follows from it is sent. */
  protected perform(
    command: BoardCommand,
    { from, host }: { from: NodeId; host: ServerHost },
  ): BoardAnswer {
    const atMs = this.readClock(host);
    const stamped = { ...command, atMs, from } as StampedCommand;
    const answer = this.machine.apply(this.state, stamped) as BoardAnswer;
    const isVoid = changesNothing.includes(answer.kind);
    this.log(isVoid ? { op: "tick", atMs, from } : stamped, host);
    return answer;
  }

  /** Planted bugs read it otherwise. */
  protected readClock({ nowMs }: ServerHost): number {
    const maxStepMs = 10 * this.options.tickMs;
    return readTrustedClock(this.clock, { nowMs, agreedMs: this.state.nowMs, maxStepMs });
  }

  protected log(command: StampedCommand, host: ServerHost): void {
    host.save(`log/${++this.lastIndex}`, command);
    this.changes += changesIn(command);
    if (this.changes < Math.max(this.options.snapshotEvery, 2 * this.state.tasks.size)) return;
    const json = this.machine.toJson(this.state);
    const last = this.snapshot;
    this.snapshot = saveSnapshot({ json, last, index: this.lastIndex }, host);
    this.changes = 0;
    host.note("snapshotTaken", { index: this.lastIndex });
  }

  private tick(host: ServerHost): void {
    const { state, options } = this;
    const atMs = this.readClock(host);
    if (nextTimerMs(state) <= atMs) {
      this.perform({ op: "tick" }, { from: this.id, host });
      this.tell(host);
    }
    const waitMs = nextTimerMs(state) - this.clock.timeMs;
    host.setTimer("tick", Math.max(1, Math.min(options.tickMs, Math.ceil(waitMs))));
  }

  private tell(host: ServerHost): void {
    const { news } = this.state;
    if (news.length === 0) return;
    this.state.news = [];
    for (const [to, message] of newsMessages(news)) host.send(to, message);
  }
}

/** Roughly how many tasks a command changes. */
function changesIn(command: StampedCommand): number {
  if (command.op === "submit") return 1 + command.tasks.length;
  if (command.op !== "work") return 1;
  return 1 + (command.finished?.length ?? 0) + (command.failed?.length ?? 0);
}
