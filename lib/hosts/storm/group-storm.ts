/**
 * One storm over a group of like nodes: messages from outside and faults strike it while a judge
 * looks at every event; then a part of the group, or all of it, is healed, and has to settle in
 * bounded time and to stay so.
 */
import { Random } from "../../basics";
import type { Event, Host, Message, Node, NodeId, Protocol } from "../../protocol";
import { Simulator, at, coreAlone, faultLabel, resume } from "../simulator";
import type { NetworkOptions, ScheduledFault, SimulatedNote } from "../simulator";
import type { StormFailure, StormRunOptions, StormVerdict } from "./definition";

/** What befalls a group, as data. */
export type GroupAction<M extends Message = Message> =
  | ({ readonly kind: "fault" } & ScheduledFault)
  | { readonly kind: "tell"; readonly atMs: number; readonly to: NodeId; readonly message: M };

/** Nodes as they are now. */
export interface GroupView<N> {
  readonly nowMs: number;
  readonly names: readonly NodeId[];
  /** Those that are healed; before the end of the faults: all. */
  readonly core: readonly NodeId[];
  /** Undefined while it is down. */
  readonly nodeOf: (id: NodeId) => N | undefined;
}

/** What is right and wrong of a group. A new one for every run: it remembers. */
export interface GroupJudge<N, M extends Message, T> {
  onAction?(action: GroupAction<M>): void;
  /** After every event of a node. */
  onEvent?(node: N, event: Event<M, T>, view: GroupView<N>): StormFailure | undefined;
  onNote?(note: SimulatedNote, view: GroupView<N>): StormFailure | undefined;
  /** What is not yet as it has to be when the faults have ended; undefined: nothing. */
  unsettled(view: GroupView<N>): StormFailure | undefined;
}

export interface GroupStorm<N, M extends Message, T> {
  readonly seed: number;
  readonly names: readonly NodeId[];
  readonly protocol: Protocol<M, T, never>;
  readonly options: object;
  /** Default: all others. */
  peersOf?(id: NodeId): readonly NodeId[];
  readonly network?: Partial<NetworkOptions>;
  /** In the order of time. */
  readonly actions: readonly GroupAction<M>[];
  /** When the faults end. */
  readonly faultsMs: number;
  /** So many are healed, and the rest is away for good; "asItIs": nothing is healed. */
  readonly coreSize: number | "asItIs";
  /** They have to settle within so long, and to stay so for `steadyMs`. */
  readonly boundMs: number;
  readonly steadyMs: number;
  readonly judge: GroupJudge<N, M, T>;
}

/** Ends at the first failure. */
export function runGroupStorm<N extends Node<M, T>, M extends Message, T>(
  storm: GroupStorm<N, M, T>,
  options: StormRunOptions<GroupAction<M>> = {},
): StormVerdict<GroupAction<M>> {
  return new Run(storm, options).run();
}

/** Faults and messages in the order of time. */
export function groupActions<M extends Message>(
  faults: readonly ScheduledFault[],
  told: readonly GroupAction<M>[],
): GroupAction<M>[] {
  const all = [...faults.map((fault) => ({ kind: "fault", ...fault }) as const), ...told];
  return all.sort((left, right) => left.atMs - right.atMs);
}

/** Whole milliseconds, `everyMs` apart in the mean, before `untilMs`. */
export function momentsOf(random: Random, everyMs: number, untilMs: number): number[] {
  const found: number[] = [];
  for (
    let atMs = Math.ceil(random.exponential(everyMs));
    atMs < untilMs;
    atMs += Math.ceil(random.exponential(everyMs))
  ) {
    found.push(atMs);
  }
  return found;
}

/** An action in words. */
export function describeGroupAction(action: GroupAction): string {
  if (action.kind === "fault") return faultLabel(action.fault);
  const { type, ...rest } = action.message;
  return `${action.to} is told to ${type} ${JSON.stringify(rest)}`;
}

class Run<N extends Node<M, T>, M extends Message, T> implements GroupView<N> {
  readonly names: readonly NodeId[];
  core: readonly NodeId[];
  private readonly simulator: Simulator<M, T>;
  private readonly counts = new Map<string, number>();
  private readonly done: GroupAction<M>[] = [];
  private failure: StormFailure | undefined;
  private events = 0;

  constructor(
    private readonly storm: GroupStorm<N, M, T>,
    private readonly given: StormRunOptions<GroupAction<M>>,
  ) {
    const { seed, network, names, judge } = storm;
    this.names = this.core = names;
    this.simulator = new Simulator<M, T>({
      ...{ seed, isTraced: given.isTraced ?? false },
      ...(network !== undefined && { network }),
      onNote: (note) => {
        this.counts.set(note.label, (this.counts.get(note.label) ?? 0) + 1);
        this.fail(judge.onNote?.(note, this));
      },
    });
  }

  run(): StormVerdict<GroupAction<M>> {
    this.addNodes();
    for (const action of this.given.actions ?? this.storm.actions) this.perform(action);
    this.runUntil(this.untilMs);
    this.heal();
    this.settle();
    const { failure, done: actions, nowMs, events, counts } = this;
    return { failure, actions, nowMs, events, counts, trace: this.simulator.trace };
  }

  private get untilMs(): number {
    return Math.min(this.given.untilMs ?? Infinity, this.storm.faultsMs);
  }

  get nowMs(): number {
    return this.simulator.nowMs;
  }

  readonly nodeOf = (id: NodeId): N | undefined => this.simulator.nodeOf(id) as N | undefined;

  private addNodes(): void {
    const { names, options, peersOf } = this.storm;
    const protocol = this.watched();
    for (const id of names) {
      this.simulator.add(id, protocol, { options, ...(peersOf && { peers: peersOf(id) }) });
    }
  }

  /** The class, with every event followed by the judge. */
  private watched(): Protocol<M, T, object> {
    const observe = (node: Node<M, T>, event: Event<M, T>): void =>
      this.fail(this.storm.judge.onEvent?.(node as N, event, this));
    return class extends (this.storm.protocol as Protocol<M, T, object>) {
      override handle(event: Event<M, T>, host: Host<M, T>): void {
        super.handle(event, host);
        observe(this, event);
      }
    };
  }

  /** Actions come in the order of time. */
  private perform(action: GroupAction<M>): void {
    if (action.atMs > this.untilMs || this.failure !== undefined) return;
    this.runUntil(action.atMs);
    if (this.failure !== undefined) return;
    this.done.push(action);
    this.storm.judge.onAction?.(action);
    if (action.kind === "fault") this.simulator.schedule(action);
    else if (this.simulator.isUp(action.to)) {
      this.simulator.inject("outside", action.to, action.message);
    }
  }

  private runUntil(untilMs: number): void {
    if (this.failure !== undefined) return;
    try {
      const { kind, events } = this.simulator.run({ untilMs, maxEvents: 2_000_000 });
      this.events += events;
      if (kind === "quiet" && untilMs > this.nowMs) this.wait(untilMs);
    } catch (error) {
      // A broken assertion of a node is a find like any other.
      this.fail({ property: "exception", detail: (error as Error).message });
    }
  }

  /** Nothing is left to happen, and time stands still: a fault that strikes nobody moves it on. */
  private wait(untilMs: number): void {
    this.simulator.schedule(at(untilMs, resume([])));
    this.simulator.run({ untilMs });
  }

  private fail(failure: StormFailure | undefined): void {
    if (failure === undefined || this.failure !== undefined) return;
    this.failure = failure;
    this.simulator.stop();
  }

  private heal(): void {
    const { seed, names, coreSize } = this.storm;
    if (this.failure !== undefined || coreSize === "asItIs") return;
    const atMs = this.nowMs;
    const { core, faults } = coreAlone({ seed, names, atMs, size: coreSize });
    this.simulator.schedule(...faults);
    this.core = core;
  }

  private settle(): void {
    const { judge, boundMs, steadyMs } = this.storm;
    const endMs = this.nowMs + boundMs;
    this.runUntil(this.nowMs + 1);
    let open = judge.unsettled(this);
    while (open !== undefined && this.failure === undefined && this.nowMs < endMs) {
      this.runUntil(this.nowMs + boundMs / 100);
      open = judge.unsettled(this);
    }
    if (open === undefined) this.runUntil(this.nowMs + steadyMs);
    if (this.failure === undefined) this.fail(open ?? judge.unsettled(this));
  }
}
