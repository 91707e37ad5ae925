/**
 * Rumour mongering: who has heard something tells it to others at random until most know already.
 * It is cheap and fast, and leaves a few that never hear: their share is the residue.
 *
 * Source: A. Demers et al., "Epidemic Algorithms for Replicated Database Maintenance", PODC 1987,
 * section 1.4: push, pull, both; feedback or blind; counter or coin. Ours has a fanout too.
 * Assumes: nodes crash and restart; messages are lost, late, repeated; cycles need no common clock.
 * Guarantees: a rumour reaches all but the residue, about e^(-m) for m messages a node; what a node
 * has heard it keeps over a restart, without spreading it again. `AntiEntropy` reaches the rest.
 * Cost: O(log n) cycles; k + 1 to 2k messages a node and rumour, with feedback twice that.
 */
import { inRange, oneOf, wholeInRange, withDefaults } from "../../basics";
import type { Event, Node, NodeId } from "../../protocol";
import { checkInterest, cold, counterAfter } from "./interest";
import type { Contacts, InterestOptions } from "./interest";
import type { Feedback, Rumour, RumourHost, RumourMessage, Rumours, Tell } from "./messages";
import { defaultTopology, drawPeers, peerChoice } from "./peer-choice";
import type { PeerChoice, TopologyOptions } from "./peer-choice";

export const gossipModes = ["push", "pull", "pushPull"] as const;
export type GossipMode = (typeof gossipModes)[number];

export interface RumourMongerOptions extends InterestOptions, TopologyOptions {
  /** Time between two contacts, several round trips at least. Default 100 ms. */
  readonly cycleMs: number;
  /** Who sends: the one that calls, the one that is called, or both. Default "push". */
  readonly mode: GossipMode;
  /** Peers called in a cycle, 1 or more; default 1. */
  readonly fanout: number;
  /** Rumours kept; past that the oldest cold one is forgotten. Default 10,000. */
  readonly maxRumours: number;
}

export const defaultRumourOptions: RumourMongerOptions = {
  cycleMs: 100,
  mode: "push",
  fanout: 1,
  feedback: "feedback",
  loss: "counter",
  k: 3,
  maxRumours: 10_000,
  ...defaultTopology,
};

interface Hot extends Contacts {
  counter: number;
}

export class RumourMonger implements Node<RumourMessage, "cycle"> {
  readonly options: RumourMongerOptions;
  readonly known = new Map<string, unknown>();
  readonly hot = new Map<string, Hot>();
  private choice: PeerChoice;

  /** Throws a RangeError for an option that is wrong. */
  constructor(
    readonly id: NodeId,
    peers: readonly NodeId[],
    options: Partial<RumourMongerOptions> = {},
  ) {
    this.options = rumourOptions(options);
    this.choice = peerChoice(id, peers, this.options);
  }

  /** From now on it calls these, as a membership service knows them. */
  setPeers(peers: readonly NodeId[]): void {
    this.choice = peerChoice(this.id, peers, this.options);
  }

  handle(event: Event<RumourMessage, "cycle">, host: RumourHost): void {
    if (event.kind === "start") this.start(event.saved, host);
    else if (event.kind === "timer") this.cycle(host);
    else this.hear(event.from, event.message, host);
  }

  private start(saved: Readonly<Record<string, unknown>>, host: RumourHost): void {
    for (const [key, content] of Object.entries(saved)) {
      this.known.set(key.slice(prefix.length), content);
    }
    host.setTimer("cycle", host.random() * this.options.cycleMs);
  }

  private cycle(host: RumourHost): void {
    for (const [id, hot] of this.hot) this.judge(id, hot, host);
    const { mode, fanout } = this.options;
    const rumours = this.hotRumours();
    for (const peer of drawPeers(this.choice, fanout, host)) {
      if (mode === "pull") host.send(peer, { type: "pull" });
      else if (rumours.length > 0 || mode === "pushPull") {
        this.sendRumours(peer, { rumours, isPull: mode === "pushPull" }, host);
      }
    }
    host.setTimer("cycle", this.options.cycleMs);
  }

  /** What the contacts of the last cycle do to its interest in a rumour. */
  private judge(id: string, hot: Hot, host: RumourHost): void {
    const { options } = this;
    hot.counter = counterAfter(hot.counter, hot, { options, random: () => host.random() });
    hot.useful = hot.useless = 0;
    if (hot.counter !== cold) return;
    this.hot.delete(id);
    host.note("lostInterest", { id });
  }

  private hear(from: NodeId, message: RumourMessage, host: RumourHost): void {
    switch (message.type) {
      case "tell":
        return this.onTell(from, message, host);
      case "rumours":
        return this.onRumours(from, message, host);
      case "pull":
        return this.answer(from, host);
      case "feedback":
        return this.onFeedback(message);
      case "told":
        return;
      default:
        message satisfies never;
        return host.note("ignoredMessage", (message as RumourMessage).type);
    }
  }

  private onTell(from: NodeId, { rumour, requestId }: Tell, host: RumourHost): void {
    this.learn(rumour, host);
    if (requestId !== undefined) host.send(from, { type: "told", requestId });
  }

  private onRumours(from: NodeId, { rumours, isPull }: Rumours, host: RumourHost): void {
    const useful = rumours.filter(({ id }) => !this.known.has(id)).map(({ id }) => id);
    const useless = rumours.filter(({ id }) => this.known.has(id)).map(({ id }) => id);
    // The answer has what was hot before this message came.
    if (isPull) this.answer(from, host);
    for (const rumour of rumours) this.learn(rumour, host);
    if (this.options.feedback !== "feedback" || rumours.length === 0) return;
    host.send(from, { type: "feedback", useful, useless });
  }

  private answer(to: NodeId, host: RumourHost): void {
    const rumours = this.hotRumours();
    if (rumours.length > 0) this.sendRumours(to, { rumours, isPull: false }, host);
  }

  private sendRumours(to: NodeId, what: Omit<Rumours, "type">, host: RumourHost): void {
    host.send(to, { type: "rumours", ...what });
    if (this.options.feedback === "feedback") return;
    for (const { id } of what.rumours) this.count(id, "useless");
  }

  private onFeedback({ useful, useless }: Feedback): void {
    for (const id of useful) this.count(id, "useful");
    for (const id of useless) this.count(id, "useless");
  }

  private count(id: string, kind: keyof Contacts): void {
    const hot = this.hot.get(id);
    if (hot !== undefined) hot[kind]++;
  }

  private learn({ id, content }: Rumour, host: RumourHost): void {
    if (this.known.has(id)) return;
    this.known.set(id, content);
    this.hot.set(id, { counter: 0, useful: 0, useless: 0 });
    host.save(prefix + id, content);
    host.note("heard", { id });
    this.forget(host);
  }

  private forget(host: RumourHost): void {
    if (this.known.size <= this.options.maxRumours) return;
    for (const id of this.known.keys()) {
      if (this.hot.has(id)) continue;
      this.known.delete(id);
      host.save(prefix + id, undefined);
      return;
    }
  }

  private hotRumours(): Rumour[] {
    return [...this.hot.keys()].map((id) => ({ id, content: this.known.get(id) }));
  }
}

const prefix = "rumour/";

function rumourOptions(given: Partial<RumourMongerOptions>): RumourMongerOptions {
  const options = withDefaults("RumourMonger", defaultRumourOptions, given);
  inRange("cycleMs", options.cycleMs, { min: 0.1, max: 86_400_000 });
  wholeInRange("fanout", options.fanout, { min: 1, max: 1_000 });
  oneOf("mode", options.mode, gossipModes);
  checkInterest(options);
  wholeInRange("maxRumours", options.maxRumours, { min: 1, max: 10_000_000 });
  return options;
}
