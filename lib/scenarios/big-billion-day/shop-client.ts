/**
 * Submits jobs of one kind and tenant as they come. What the scheduler has no room for waits at the
 * door and comes again; a client that sheds takes it back instead.
 *
 * Source: `SchedulerClient`, which does the asking; ours only says when a job is there, and hears a
 * refusal of jobs that may be thrown away as the end of them.
 * Assumes: as `SchedulerClient`.
 * Guarantees: as it. Notes moreover "shed" { ids } of jobs that were thrown away.
 * Cost: a timer an arrival.
 */
import { aroundHost } from "../../protocol";
import type { Event, Host, NodeId } from "../../protocol";
import { SchedulerClient } from "../../scheduling";
import type { BoardAnswer, BoardCommand, SchedulerClientOptions } from "../../scheduling";
import type { SchedulerMessage, SchedulerTimer, TaskSpec } from "../../scheduling";

export interface ShopClientOptions extends SchedulerClientOptions {
  /** When each of `tasks` comes, in virtual time; they rise. */
  readonly arriveMs: readonly number[];
  /** What is refused is thrown away. */
  readonly isShedding: boolean;
}

type ShopEvent = Event<SchedulerMessage, SchedulerTimer>;
type ShopHost = Host<SchedulerMessage, SchedulerTimer>;

/** Only workers have timers of this kind otherwise. */
const nextArrival: SchedulerTimer = { serve: "arrival" };

/** Hosts may ring earlier by less than this: the simulator counts in microseconds. */
const roundingMs = 0.002;

export class ShopClient extends SchedulerClient {
  private readonly arriveMs: readonly number[];
  private readonly isShedding: boolean;
  private nowMs = 0;
  private arrived = 0;
  /** Of the last submission. */
  private submission: readonly string[] = [];

  constructor(id: NodeId, peers: readonly NodeId[], options: Partial<ShopClientOptions> = {}) {
    const { arriveMs = [], isShedding = false, ...rest } = options;
    super(id, peers, rest);
    this.arriveMs = arriveMs;
    this.isShedding = isShedding;
  }

  override handle(event: ShopEvent, host: ShopHost): void {
    this.nowMs = host.nowMs;
    while ((this.arriveMs[this.arrived] ?? Infinity) <= this.nowMs + roundingMs) this.arrived++;
    if (this.isShedding) super.handle(this.heard(event, host), this.remembering(host));
    else super.handle(event, host);
    const nextMs = this.arriveMs[this.arrived];
    if (nextMs !== undefined) host.setTimer(nextArrival, nextMs - this.nowMs);
  }

  protected override taskAt(place: number): TaskSpec | undefined {
    return place < this.arrived ? super.taskAt(place) : undefined;
  }

  private remembering(host: ShopHost): ShopHost {
    const send: ShopHost["send"] = (to, message) => {
      const command = message.type === "command" ? (message.command as BoardCommand) : undefined;
      if (command?.op === "submit") this.submission = command.tasks.map(({ id }) => id);
      host.send(to, message);
    };
    return aroundHost(host, { send });
  }

  /** Jobs that are refused count as submitted, and cancelled. */
  private heard(event: ShopEvent, host: ShopHost): ShopEvent {
    if (event.kind !== "message" || event.message.type !== "answer") return event;
    const { message } = event;
    if (message.kind !== "ok" || (message.result as BoardAnswer).kind !== "full") return event;
    host.note("shed", { ids: this.submission });
    const ending = { kind: "cancelled" } as const;
    const known = this.submission.map((id) => ({ id, status: "cancelled" as const, ending }));
    const result: BoardAnswer = { kind: "submitted", known };
    return { ...event, message: { ...message, result } };
  }
}
