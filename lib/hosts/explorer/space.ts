/**
 * All states of a system and the steps between them. A node's step depends on that node and the
 * event alone, so each is taken once and remembered: a state of the system is a row of numbers.
 *
 * Cost: a node handles each event once for each of its own states, which are far fewer than the
 * system's; a step of the system is then a few look-ups.
 */
import type { Effect, Event, HostEvent, Message, Node } from "../../protocol";
import { Interned } from "./canonical";
import type { Envelope, ExploredStep, ExplorerOptions, View } from "./options";
import { unborn } from "./place";
import type { Local, Place } from "./place";

/** Numbers stand for values in the tables of the space. */
export interface State {
  /** A node's state, by its place. */
  readonly locals: readonly number[];
  /** Sorted by number, or by link and then in the order of sending. */
  readonly network: readonly number[];
  readonly history: number;
  readonly crashes: number;
  readonly depth: number;
}

export type Action =
  | { readonly kind: "message" | "lost"; readonly place: number; readonly envelope: number }
  | { readonly kind: "timer"; readonly place: number; readonly timer: number }
  | { readonly kind: "crash" | "start"; readonly place: number };

const kinds: readonly Action["kind"][] = ["message", "lost", "timer", "crash", "start"];

/** One node's step, remembered. */
export interface Outcome<M extends Message, T> {
  readonly number: number;
  readonly local: number;
  readonly sent: readonly number[];
  readonly step: ExploredStep<M, T>;
}

export class Space<M extends Message, T> {
  readonly locals = new Interned<Local<T>>("a node");
  readonly envelopes = new Interned<Envelope<M>>("a message");
  readonly histories = new Interned<unknown>("the history");
  private readonly links = new Interned<string>("a link");
  private readonly linkOf: number[] = [];
  /** By place, state of the node and action. */
  private readonly outcomes: Map<number, Outcome<M, T>>[][];
  private outcomeCount = 0;
  /** By history and outcome. */
  private readonly nextHistories: Map<number, number>[] = [];
  private readonly nodes: (Node<M, T> | undefined)[][];
  private readonly ringing: number[][][];
  private readonly placeOf: ReadonlyMap<string, number>;

  constructor(
    readonly places: readonly Place<M, T>[],
    private readonly outside: readonly Envelope<M>[],
    readonly options: ExplorerOptions<M, T>,
  ) {
    this.placeOf = new Map(places.map(({ id }, place) => [id, place]));
    this.outcomes = places.map(() => []);
    this.nodes = places.map(() => []);
    this.ringing = places.map(() => []);
  }

  /** All nodes have started, in the order of their places; `tell` hears of each. */
  initial(tell?: (outcome: Outcome<M, T>) => void): State {
    const nobody = this.locals.numberOf(unborn);
    let state: State = {
      locals: this.places.map(() => nobody),
      network: this.joined(
        [],
        this.outside.map((envelope) => this.envelope(envelope)),
      ),
      history: this.histories.numberOf(this.options.history?.initial),
      crashes: 0,
      depth: 0,
    };
    this.places.forEach((_, place) => {
      const action = { kind: "start", place } as const;
      tell?.(this.outcomeOf(state, action));
      state = { ...this.after(state, action), depth: 0 };
    });
    return state;
  }

  /** Everything that may happen next, always in the same order. */
  actions(state: State): Action[] {
    const actions: Action[] = [];
    this.deliverable(state).forEach((envelope) => this.arrivals(state, envelope, actions));
    state.locals.forEach((local, place) => {
      if (this.locals.get(local).fields === undefined)
        return actions.push({ kind: "start", place });
      for (const timer of this.ringable(place, local))
        actions.push({ kind: "timer", place, timer });
      const isCrashing = state.crashes < (this.options.maxCrashes ?? 0);
      return isCrashing && actions.push({ kind: "crash", place });
    });
    return actions;
  }

  /** How many timers are set in this state that the bound on their number keeps silent. */
  silenced({ locals }: State): number {
    const { maxTimerFirings: max = Infinity } = this.options;
    const silent = locals.map((local) => this.locals.get(local)).filter((l) => l.firings >= max);
    return silent.reduce((sum, { timers }) => sum + timers.length, 0);
  }

  after(state: State, action: Action): State {
    const { place } = action;
    const depth = state.depth + 1;
    if (action.kind === "lost") {
      return { ...state, network: without(state.network, action.envelope), depth };
    }
    const outcome = this.outcomeOf(state, action);
    const locals = state.locals.slice();
    locals[place] = outcome.local;
    const isUsedUp = action.kind === "message" && this.options.network !== "duplicating";
    const left = isUsedUp ? without(state.network, action.envelope) : state.network;
    return {
      locals,
      network: outcome.sent.length === 0 ? left : this.joined(left, outcome.sent),
      history: this.nextHistory(state.history, place, outcome),
      crashes: state.crashes + (action.kind === "crash" ? 1 : 0),
      depth,
    };
  }

  outcomeOf({ locals }: State, action: Action): Outcome<M, T> {
    const { kind, place } = action;
    const local = locals[place];
    const operand = "envelope" in action ? action.envelope : "timer" in action ? action.timer : 0;
    const key = kinds.length * operand + kinds.indexOf(kind);
    const ofLocal = (this.outcomes[place][local] ??= new Map());
    let outcome = ofLocal.get(key);
    if (outcome === undefined) {
      outcome = this.take(place, this.locals.get(local), action);
      ofLocal.set(key, outcome);
    }
    return outcome;
  }

  view(state: State): View<M, T> {
    const nodes = state.locals.map(
      (local, place) => [this.places[place].id, this.nodeOf(place, local)] as const,
    );
    return {
      nodes: new Map(nodes),
      messages: state.network.map((envelope) => this.envelopes.get(envelope)),
      history: this.histories.get(state.history),
      depth: state.depth,
    };
  }

  /** A network with more messages on their way, in its order; see `State`. */
  joined(network: readonly number[], sent: readonly number[]): number[] {
    const all = network.slice();
    for (const envelope of sent) {
      if (this.options.network === "duplicating" && all.includes(envelope)) continue;
      let at = all.length;
      for (; at > 0 && this.rank(all[at - 1]) > this.rank(envelope); at--) all[at] = all[at - 1];
      all[at] = envelope;
    }
    return all;
  }

  envelope(envelope: Envelope<M>): number {
    const number = this.envelopes.numberOf(envelope);
    this.linkOf[number] ??= this.links.numberOf(`${envelope.from} ${envelope.to}`);
    return number;
  }

  private take(place: number, local: Local<T>, action: Action): Outcome<M, T> {
    const { id } = this.places[place];
    const number = this.outcomeCount++;
    if (action.kind === "crash") {
      const down = { ...local, fields: undefined, timers: [] };
      const step = { node: id, event: { kind: "crash" } as HostEvent<M>, effects: [] };
      return { number, local: this.locals.numberOf(down), sent: [], step };
    }
    const event = this.eventOf(local, action);
    const before = action.kind === "timer" ? this.rung(local, action.timer) : local;
    const { after, effects } = this.places[place].step(before, event);
    const sent = effects.flatMap((effect) => this.sentBy(id, effect));
    const step = { node: id, event, effects };
    return { number, local: this.locals.numberOf(after), sent, step };
  }

  private eventOf(local: Local<T>, action: Action): Event<M, T> {
    if (action.kind === "timer") return { kind: "timer", timer: local.timers[action.timer] };
    if (!("envelope" in action)) return { kind: "start", saved: structuredClone(local.saved) };
    const { from, message } = this.envelopes.get(action.envelope);
    return { kind: "message", from, message };
  }

  /** A timer that rings is not set any more. */
  private rung(local: Local<T>, timer: number): Local<T> {
    const isBounded = this.options.maxTimerFirings !== undefined;
    const timers = local.timers.filter((_, index) => index !== timer);
    return { ...local, timers, firings: local.firings + (isBounded ? 1 : 0) };
  }

  /** Answers to those outside who have sent something are only told. */
  private sentBy(from: string, effect: Effect<M, T>): number[] {
    if (effect.kind !== "send") return [];
    const { to, message } = effect;
    if (this.placeOf.has(to)) return [this.envelope({ from, to, message })];
    if (this.outside.some((envelope) => envelope.from === to)) return [];
    throw new RangeError(`${from} sends "${message.type}" to ${to}, but there is no such node`);
  }

  /** Of two messages of one rank the one that was sent first comes first. */
  private rank(envelope: number): number {
    return this.options.network === "ordered" ? this.linkOf[envelope] : envelope;
  }

  private deliverable({ network }: State): number[] {
    return network.filter(
      (_, at) => at === 0 || this.rank(network[at]) !== this.rank(network[at - 1]),
    );
  }

  private arrivals(state: State, envelope: number, actions: Action[]): void {
    const place = this.placeOf.get(this.envelopes.get(envelope).to) as number;
    const isUp = this.locals.get(state.locals[place]).fields !== undefined;
    if (isUp) actions.push({ kind: "message", place, envelope });
    if (this.options.isLossy) actions.push({ kind: "lost", place, envelope });
  }

  private ringable(place: number, local: number): number[] {
    return (this.ringing[place][local] ??= this.findRingable(place, local));
  }

  private findRingable(place: number, local: number): number[] {
    const { mayRing, maxTimerFirings = Infinity } = this.options;
    const { timers, firings } = this.locals.get(local);
    const node = this.nodeOf(place, local);
    if (firings >= maxTimerFirings || node === undefined) return [];
    return timers.flatMap((timer, index) => ((mayRing?.(timer, node) ?? true) ? [index] : []));
  }

  private nodeOf(place: number, local: number): Node<M, T> | undefined {
    const known = this.nodes[place];
    if (!(local in known)) known[local] = this.places[place].nodeOf(this.locals.get(local));
    return known[local];
  }

  private nextHistory(history: number, place: number, outcome: Outcome<M, T>): number {
    const next = this.options.history;
    if (next === undefined) return history;
    const known = (this.nextHistories[history] ??= new Map());
    let number = known.get(outcome.number);
    if (number === undefined) {
      const node = this.nodeOf(place, outcome.local);
      number = this.histories.numberOf(next.next(this.histories.get(history), outcome.step, node));
      known.set(outcome.number, number);
    }
    return number;
  }
}

function without(network: readonly number[], envelope: number): number[] {
  const left = network.slice();
  left.splice(network.indexOf(envelope), 1);
  return left;
}
