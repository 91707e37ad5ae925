/**
 * One storm: shards of booking servers, a payment gateway and passengers under random faults, every
 * invariant looked at after every command of every server; then all is healed, everybody gets an
 * answer, and money and history are judged.
 */
import { checkLinearizable, verdictInOneLine } from "../../../../checks";
import { machineNamed } from "../../../../consensus/raft";
import type { Machine, RaftTimer } from "../../../../consensus/raft";
import { Random } from "../../../../basics";
import { at, faultLabel, groundOf, healingOf, notedHistory, randomFaults } from "../../../../hosts";
import { Simulator } from "../../../../hosts";
import type { ScheduledFault, SimulatedNote, StormRunOptions } from "../../../../hosts";
import type { HistoryEvent, NodeId, Trace } from "../../../../protocol";
import { BookingClient } from "../client";
import type { BookingCommand } from "../commands";
import { PaymentGateway } from "../gateway";
import { bookingViolation } from "../invariants";
import type { BookingMessage } from "../messages";
import { passedOver, standings } from "../passed-over";
import { shardOf } from "../shards";
import type { BookingState, Place } from "../state";
import type { BookingServer } from "../server";
import { moneyLost, wordBroken } from "./judge";
import type { BookingStormFailure } from "./judge";
import type { BookingStormPlan } from "./plan";
import { seatModel } from "./seat-model";
import type { BookingServerClass } from "./variants";

export type BookingStormAction =
  ({ readonly kind: "fault" } & ScheduledFault) | { readonly kind: "chart"; readonly atMs: number };

export interface BookingStormResult {
  readonly failure: BookingStormFailure | undefined;
  readonly actions: readonly BookingStormAction[];
  readonly counts: ReadonlyMap<string, number>;
  readonly history: readonly HistoryEvent[];
  readonly events: number;
  readonly nowMs: number;
  readonly trace: Trace;
}

export function describeAction(action: BookingStormAction): string {
  return action.kind === "fault" ? faultLabel(action.fault) : "the charts are prepared";
}

export interface BookingStormed {
  readonly server: BookingServerClass;
  /** Of the machine. */
  readonly machine: string;
}

export function runStorm(
  plan: BookingStormPlan,
  stormed: BookingStormed,
  options: StormRunOptions<BookingStormAction> = {},
): BookingStormResult {
  return new Storm(plan, stormed, options).run();
}

/** By then there are leaders, and trains are on sale: passengers and faults begin. */
const openMs = 1_000;
/** Left alone for so long, everybody has to have an answer. */
const calmMs = 30_000;

class Storm {
  private readonly shards: NodeId[][];
  private readonly clients: NodeId[];
  private readonly simulator: Simulator<BookingMessage, RaftTimer>;
  private readonly actions: BookingStormAction[] = [];
  private readonly counts = new Map<string, number>();
  private readonly notes: SimulatedNote[] = [];
  /** What the first server to apply an entry answered, by shard and index. */
  private readonly answers = new Map<string, string>();
  private failure: BookingStormFailure | undefined;
  private events = 0;

  constructor(
    private readonly plan: BookingStormPlan,
    private readonly stormed: BookingStormed,
    private readonly given: StormRunOptions<BookingStormAction>,
  ) {
    const { seed, shards, wishes } = plan;
    this.shards = Array.from({ length: shards }, (_, shard) => {
      return [1, 2, 3].map((server) => `n${3 * shard + server}`);
    });
    this.clients = wishes.map((_, i) => `c${i + 1}`);
    this.simulator = new Simulator({
      seed,
      isTraced: given.isTraced ?? false,
      ...groundOf(plan),
      onNote: (note) => this.hear(note),
    });
  }

  run(): BookingStormResult {
    this.addNodes();
    this.open();
    if (this.given.actions === undefined) this.draw();
    else this.replay(this.given.actions);
    if (this.failure === undefined) this.calm();
    const history = notedHistory(this.notes);
    if (this.failure === undefined) this.judge(history);
    const actions = [...this.actions].sort((left, right) => left.atMs - right.atMs);
    const { failure, counts, events } = this;
    const { nowMs, trace } = this.simulator;
    return { failure, actions, counts, history, events, nowMs, trace: trace as Trace };
  }

  private addNodes(): void {
    const { seed, maxSkewMs, snapshotEvery, gateway, wishes, thinkMs } = this.plan;
    const random = new Random(seed, 122);
    const clock = (): { skewMs: number } => {
      return { skewMs: Math.round(maxSkewMs * random.between(-1, 1)) };
    };
    const { machine } = this.stormed;
    const options = { machine, snapshotEvery, trailingEntries: 5, tickMs: 50, repeatMs: 200 };
    this.shards.forEach((servers, shard) => {
      for (const id of servers) {
        const peers = servers.filter((other) => other !== id);
        this.simulator.add(id, this.watched(shard), { peers, options, clock: clock() });
      }
    });
    this.simulator.add("g1", PaymentGateway as never, { peers: [], options: gateway });
    const peers = this.shards.flat();
    this.clients.forEach((id, i) => {
      const own = {
        wishes: wishes[i] ?? [],
        shards: this.shards,
        thinkMs,
        retryMs: 100,
        lookMs: 50,
      };
      this.simulator.add(id, BookingClient, {
        ...{ peers, options: own, clock: clock(), startAtMs: openMs, disk: { writeMs: undefined } },
      });
    });
  }

  /** The server's class, with every command followed by the invariants. */
  private watched(shard: number): BookingServerClass {
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- a class within has its own
    const storm = this;
    return class extends this.stormed.server {
      override get machine(): Machine {
        const machine = machineNamed(this.options.machine);
        const apply = (state: unknown, command: unknown): unknown =>
          storm.apply(machine, { state, command, place: `${shard}/${this.lastApplied + 1}` });
        return { ...machine, apply };
      }
    };
  }

  /** The first server to apply an entry is looked at; the others have to answer as it did. */
  private apply(
    machine: Machine,
    { state, command, place }: { state: unknown; command: unknown; place: string },
  ): unknown {
    const booking = state as BookingState;
    const first = this.answers.get(place);
    const before = first === undefined ? standings(booking) : undefined;
    const answer = machine.apply(state, command);
    const told = `${booking.clockMs} ${booking.nextOrder} ${JSON.stringify(answer)}`;
    if (before !== undefined) {
      this.answers.set(place, told);
      this.lookAt(booking, before, command as BookingCommand);
    } else if (first !== told) {
      this.fail({ property: "replicasDiffer", detail: `entry ${place}: ${first}, but ${told}` });
    }
    return answer;
  }

  private lookAt(
    booking: BookingState,
    before: ReadonlyMap<string, Place>,
    command: BookingCommand,
  ): void {
    this.fail(bookingViolation(booking) ?? passedOver(booking, before));
    for (const { pnr, place } of booking.tickets.values()) {
      const was = before.get(pnr)?.kind;
      if (was !== place.kind) this.count(`${was ?? "new"} to ${place.kind}`);
    }
    if (command.op === "book" && before.size === booking.tickets.size) this.count("nothing new");
  }

  private fail(failure: BookingStormFailure | undefined): void {
    if (failure === undefined || this.failure !== undefined) return;
    this.failure = failure;
    this.simulator.stop();
  }

  /** An operator puts the trains on sale as soon as somebody leads. */
  private open(): void {
    const { trains, shards } = this.plan;
    for (let ms = 500; ms <= openMs; ms += 100) {
      this.runUntil(ms);
      for (const [departure, plan] of Object.entries(trains)) {
        const shard = shardOf(departure, shards);
        this.command(shard, { op: "open", departure, plan, shard });
      }
    }
  }

  private command(shard: number, command: BookingCommand): void {
    for (const id of this.shards[shard] as NodeId[]) {
      this.simulator.inject("c1", id, { type: "command", requestId: 0, command });
    }
  }

  private get untilMs(): number {
    return Math.min(this.given.untilMs ?? Infinity, openMs + this.plan.faultsMs);
  }

  private draw(): void {
    const { seed, faults, chartAtMs, faultsMs } = this.plan;
    const names = [...this.shards.flat(), "g1", ...this.clients.slice(0, 2)];
    const drawn = randomFaults({ ...faults, seed, names, untilMs: faultsMs });
    const later = drawn.map(({ atMs, fault }) => ({ atMs: atMs + openMs, fault }));
    this.strike(later.filter(({ atMs }) => atMs <= this.untilMs));
    if (chartAtMs !== null) this.chartAt(openMs + chartAtMs);
    this.runUntil(this.untilMs);
  }

  private replay(actions: readonly BookingStormAction[]): void {
    const due = actions.filter(({ atMs }) => atMs <= this.untilMs);
    this.strike(due.flatMap((action) => (action.kind === "fault" ? [action] : [])));
    for (const action of due) if (action.kind === "chart") this.chartAt(action.atMs);
    this.runUntil(this.untilMs);
  }

  private chartAt(atMs: number): void {
    if (atMs > this.untilMs || this.failure !== undefined) return;
    this.runUntil(atMs);
    this.actions.push({ kind: "chart", atMs });
    this.chartAll();
  }

  private chartAll(): void {
    for (const departure of Object.keys(this.plan.trains)) {
      this.command(shardOf(departure, this.plan.shards), { op: "chart", departure });
    }
  }

  private strike(faults: readonly ScheduledFault[]): void {
    for (const { atMs, fault } of faults) this.actions.push({ kind: "fault", atMs, fault });
    this.simulator.schedule(...faults);
  }

  private runUntil(untilMs: number): void {
    if (this.failure !== undefined) return;
    try {
      this.events += this.simulator.run({ untilMs, maxEvents: 2_000_000 }).events;
    } catch (error) {
      const detail = (error as Error).message;
      const property = detail.includes("a berth is sold once") ? "soldTwice" : "exception";
      this.failure ??= { property, detail };
    }
  }

  /** All faults end, all live; passengers get their answers, and payments theirs. */
  private calm(): void {
    const startMs = Math.ceil(this.simulator.nowMs);
    const names = [...this.shards.flat(), "g1", ...this.clients];
    this.simulator.schedule(...healingOf(names).map((fault) => at(startMs, fault)));
    for (let ms = startMs + 200; ms <= startMs + calmMs; ms += 200) {
      if (this.failure !== undefined) return;
      this.runUntil(ms);
      if (this.isQuiet()) return;
    }
    this.fail({ property: "progress", detail: "somebody still waits for an answer" });
  }

  private isQuiet(): boolean {
    const isServed = this.clients.every((id) => {
      return (this.simulator.nodeOf(id) as BookingClient | undefined)?.isDone;
    });
    const isPaid = ({ holds, orders }: BookingState): boolean => holds.size + orders.size === 0;
    const states = this.states();
    return isServed && states.length === this.shards.length && states.every(isPaid);
  }

  /** Of each shard's leader, once it has applied all that was committed before it led. */
  private states(): BookingState[] {
    return this.shards.flatMap((ids) => {
      const servers = ids.map((id) => this.simulator.nodeOf(id) as BookingServer | undefined);
      const leaders = servers.flatMap((server) => {
        const firstIndex = server?.leadership?.firstIndex ?? Infinity;
        return server !== undefined && server.lastApplied >= firstIndex ? [server] : [];
      });
      const [latest] = leaders.sort((left, right) => right.currentTerm - left.currentTerm);
      return latest === undefined ? [] : [latest.booking];
    });
  }

  private judge(history: readonly HistoryEvent[]): void {
    const { accounts } = this.simulator.nodeOf("g1") as unknown as PaymentGateway;
    this.fail(moneyLost(this.states(), accounts) ?? wordBroken(this.states(), this.notes));
    if (!this.plan.isJudgedInOrder || this.failure !== undefined) return;
    const verdict = checkLinearizable(history, seatModel(this.plan.trains));
    if (verdict.kind === "linearizable") return this.count("judged in order");
    this.fail({ property: "notLinearizable", detail: verdictInOneLine(verdict) });
  }

  private hear(note: SimulatedNote): void {
    this.count(note.label);
    const isCall = note.label === "invoke" || note.label === "ok";
    if (isCall && this.clients.includes(note.node)) this.notes.push(note);
  }

  private count(label: string): void {
    this.counts.set(label, (this.counts.get(label) ?? 0) + 1);
  }
}
