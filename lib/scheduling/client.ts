/**
 * A client: submits tasks, as many together as have come up, again and again until it knows that
 * they are in; then it waits for their outcomes. A task's id is its idempotency key, so that what
 * is said twice is done once.
 *
 * Source: idempotency keys as in B. Leach's "Designing robust and predictable APIs with
 * idempotency", 2017; a full board is asked again after the time that it has named.
 * Assumes: crash and recovery; messages lost, late, twice. Its notes: invoke and ok of each
 * submission { f: "submit", key: its first id, value: how many }, and "ended" of each task.
 * Guarantees: every task of its list is submitted, and its ending known, while anything works.
 * Cost: a message and its answer a batch; a query for those that it did not hear of.
 */
import { inRange, wholeInRange, withDefaults } from "../basics";
import type { ClientAnswer } from "../consensus/raft";
import type { Event, Host, Node, NodeId } from "../protocol";
import type { BoardAnswer, BoardCommand } from "./board/commands";
import type { SchedulerMessage, SchedulerTimer } from "./messages";
import { ServerLink } from "./server-link";
import type { Ending, TaskSpec } from "./task";

/** Tasks that the client draws itself, for load. */
export interface TaskLoad {
  readonly kinds: readonly string[];
  /** Default "everyone". */
  readonly tenant?: string;
  readonly priority?: number;
  /** Length of the payload's text. Default 0: null. */
  readonly payloadBytes?: number;
  /** How many; default null: it never ends. */
  readonly count?: number | null;
}

export interface SchedulerClientOptions {
  readonly tasks: readonly TaskSpec[];
  /** After those. Default null: none. */
  readonly load: TaskLoad | null;
  /** Done before all others, one by one: cron jobs, cancellations, drains. Default none. */
  readonly commands: readonly BoardCommand[];
  /** Tasks in one message, at most. Default 100. */
  readonly batch: number;
  /** Tasks that may be under way at a time. Default 1,000. */
  readonly window: number;
  /** Pause after each submission or command. Default 0 ms. */
  readonly thinkMs: number;
  /** Default 500 ms. */
  readonly retryMs: number;
  /** How often it asks for outcomes that it has not heard of. Default 1,000 ms. */
  readonly lookMs: number;
  /** False: it is done when its tasks are accepted. Default true. */
  readonly isWatching: boolean;
}

const defaults: SchedulerClientOptions = {
  ...{ tasks: [], load: null, commands: [], batch: 100, window: 1_000, thinkMs: 0 },
  ...{ retryMs: 500, lookMs: 1_000, isWatching: true },
};

type ClientHost = Host<SchedulerMessage, SchedulerTimer>;

/** Ids in one query. */
const maxLook = 500;

export class SchedulerClient implements Node<SchedulerMessage, SchedulerTimer> {
  readonly options: SchedulerClientOptions;
  readonly link: ServerLink;
  /** Places in the list: the next to be submitted; and before which all have ended. */
  private position = 0;
  private settled = 0;
  private commandsDone = 0;
  /** Accepted, or perhaps so, and not known to have ended; by id, their places. */
  readonly waiting = new Map<string, number>();
  private batch: readonly TaskSpec[] = [];
  private asked: "command" | "submit" | "look" | null = null;
  private isThinking = false;
  private isLookDue = false;
  private isOver = false;
  /** All have their turn to be looked at. */
  private lookedTo = 0;
  /** Since it started. */
  readonly counts = { accepted: 0, done: 0, dead: 0, cancelled: 0, full: 0 };

  /** `peers`: the scheduler's servers. RangeError for an option that is wrong. */
  constructor(
    readonly id: NodeId,
    peers: readonly NodeId[],
    options: Partial<SchedulerClientOptions> = {},
  ) {
    this.options = withDefaults("a client", defaults, options);
    const { batch, window, thinkMs, retryMs, lookMs } = this.options;
    wholeInRange("batch", batch, { min: 1, max: 10_000 });
    wholeInRange("window", window, { min: 1, max: 1_000_000 });
    inRange("thinkMs", thinkMs, { min: 0, max: Number.MAX_SAFE_INTEGER });
    inRange("lookMs", lookMs, { min: 1, max: Number.MAX_SAFE_INTEGER });
    this.link = new ServerLink(peers, retryMs);
  }

  handle(event: Event<SchedulerMessage, SchedulerTimer>, host: ClientHost): void {
    if (event.kind === "start") this.start(event.saved, host);
    else if (event.kind === "timer") this.ring(event.timer, host);
    else if (event.message.type === "answer") this.hear(event.from, event.message, host);
    else if (event.message.type === "taskNews") {
      for (const { id, ending } of event.message.ended) this.ended(id, ending, host);
      this.next(host);
    }
  }

  /** All that is not known to have ended is submitted again: it is known by its ids. */
  private start(saved: Readonly<Record<string, unknown>>, host: ClientHost): void {
    const life = ((saved["life"] as number | undefined) ?? 0) + 1;
    host.save("life", life);
    this.link.startFrom(life * 1e9);
    this.commandsDone = (saved["commands"] as number | undefined) ?? 0;
    this.settled = (saved["settled"] as number | undefined) ?? 0;
    this.position = this.settled;
    if (this.options.isWatching) host.setTimer("look", this.options.lookMs);
    this.next(host);
  }

  private ring(timer: SchedulerTimer, host: ClientHost): void {
    if (timer === "retry") {
      this.link.next();
      return this.link.send(host);
    }
    if (timer === "think") this.isThinking = false;
    if (timer === "look") {
      this.isLookDue = true;
      host.setTimer("look", this.options.lookMs);
    }
    this.next(host);
  }

  /** What is to be said next, unless an answer is awaited. */
  private next(host: ClientHost): void {
    if (this.link.isWaiting) return;
    const command = this.options.commands[this.commandsDone];
    if (command !== undefined && !this.isThinking) return this.ask("command", { command }, host);
    if (this.isLookDue && this.waiting.size > 0) return this.look(host);
    const hasCommand = command !== undefined;
    if (!this.isThinking && !hasCommand && this.hasMore() && this.room() > 0)
      return this.submit(host);
    this.noteEnd(host);
  }

  private ask(
    what: "command" | "submit" | "look",
    question: { command: BoardCommand } | { query: unknown },
    host: ClientHost,
  ): void {
    this.asked = what;
    this.link.ask(question, host);
  }

  private room(): number {
    const { batch, window, isWatching } = this.options;
    return isWatching ? Math.min(batch, window - this.waiting.size) : batch;
  }

  private hasMore(): boolean {
    return this.taskAt(this.position) !== undefined;
  }

  /** The task at a place of the list, or drawn: the same again after a restart. */
  protected taskAt(place: number): TaskSpec | undefined {
    const { tasks, load } = this.options;
    if (place < tasks.length) return tasks[place];
    if (load === null) return undefined;
    const number = place - tasks.length;
    const { kinds, count = null, payloadBytes = 0, tenant, priority } = load;
    if (count !== null && number >= count) return undefined;
    return {
      id: `${this.id}/${place}`,
      kind: kinds[number % kinds.length],
      ...(payloadBytes > 0 && { payload: "x".repeat(payloadBytes) }),
      ...(tenant !== undefined && { tenant }),
      ...(priority !== undefined && { priority }),
    };
  }

  private submit(host: ClientHost): void {
    const batch: TaskSpec[] = [];
    const room = this.room();
    for (let place = this.position; batch.length < room; place++) {
      const task = this.taskAt(place);
      if (task === undefined) break;
      batch.push(task);
    }
    this.batch = batch;
    host.note("invoke", { f: "submit", key: batch[0].id, value: batch.length });
    this.sendBatch(host);
  }

  private sendBatch(host: ClientHost): void {
    const { isWatching } = this.options;
    const more = isWatching ? {} : { isWatched: false };
    const command: BoardCommand = { op: "submit", tasks: this.batch, ...more };
    // An outcome may be heard before the answer.
    this.batch.forEach(({ id }, at) => this.waiting.set(id, this.position + at));
    this.ask("submit", { command }, host);
  }

  private look(host: ClientHost): void {
    this.isLookDue = false;
    const all = [...this.waiting.keys()];
    if (this.lookedTo >= all.length) this.lookedTo = 0;
    const ids = all.slice(this.lookedTo, this.lookedTo + maxLook);
    this.lookedTo += maxLook;
    this.ask("look", { query: { op: "look", ids } }, host);
  }

  private hear(from: NodeId, message: ClientAnswer, host: ClientHost): void {
    const answer = this.link.hear(from, message, host) as BoardAnswer | undefined;
    if (answer === undefined) return;
    const { asked } = this;
    this.asked = null;
    if (asked === "submit") this.submitted(answer, host);
    else if (asked === "command") {
      host.note("commanded", answer);
      host.save("commands", ++this.commandsDone);
      if (this.options.thinkMs > 0) this.pause(this.options.thinkMs, host);
    } else if (answer.kind === "views") {
      for (const { id, ending, status } of answer.views) {
        if (ending !== null) this.ended(id, ending, host);
        else if (status === "unknown") host.note("forgotten", { id });
      }
    }
    this.next(host);
  }

  private submitted(answer: BoardAnswer, host: ClientHost): void {
    const { batch } = this;
    const call = { f: "submit", key: batch[0].id, value: batch.length };
    if (answer.kind === "submitted") return this.accepted(answer.known, host);
    for (const { id } of batch) this.waiting.delete(id);
    if (answer.kind === "full" || answer.kind === "draining") {
      this.counts.full++;
      host.note("fail", { ...call, value: answer.kind });
      return this.pause(answer.kind === "full" ? answer.retryAfterMs : 1_000, host);
    }
    host.note("fail", { ...call, value: answer });
    host.note("rejected", answer);
    this.pass(batch.length, host);
  }

  private accepted(
    known: Extract<BoardAnswer, { kind: "submitted" }>["known"],
    host: ClientHost,
  ): void {
    const { batch } = this;
    host.note("ok", { f: "submit", key: batch[0].id, value: batch.length });
    this.counts.accepted += batch.length;
    if (!this.options.isWatching) for (const { id } of batch) this.waiting.delete(id);
    this.pass(batch.length, host);
    for (const { id, ending } of known) if (ending !== null) this.ended(id, ending, host);
    if (this.options.thinkMs > 0) this.pause(this.options.thinkMs, host);
  }

  private pass(count: number, host: ClientHost): void {
    this.position += count;
    this.batch = [];
    this.settle(host);
  }

  private pause(afterMs: number, host: ClientHost): void {
    this.isThinking = true;
    host.setTimer("think", afterMs);
  }

  private ended(id: string, ending: Ending, host: ClientHost): void {
    if (!this.waiting.delete(id)) return;
    this.counts[ending.kind]++;
    host.note("ended", { id, ...ending });
    this.settle(host);
  }

  /** How far all have ended: by what is in the midst of it, the oldest that waits. */
  private settle(host: ClientHost): void {
    const [oldest] = this.waiting.values();
    const settled = oldest === undefined ? this.position : Math.min(oldest, this.position);
    if (settled < this.settled + 100 && oldest !== undefined) return;
    if (settled <= this.settled) return;
    this.settled = settled;
    host.save("settled", settled);
  }

  private noteEnd(host: ClientHost): void {
    if (
      this.isOver ||
      this.hasMore() ||
      this.commandsDone < this.options.commands.length ||
      this.waiting.size > 0
    )
      return;
    this.isOver = true;
    host.note("over", { ...this.counts });
  }
}
