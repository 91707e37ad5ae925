/**
 * A PBFT replica that lies as its behaviours say: what it would send as a correct one is changed,
 * held back or doubled on its way out, and more is said besides.
 *
 * Source: the faults that Castro and Liskov 1999, section 2, allow f replicas; each behaviour is
 * described in `behaviours.ts` and done in `deeds/`.
 * Assumes: it has its own keys only, so it cannot sign for others; it cannot break digests.
 * Guarantees: nothing. Behaviours are applied in the order of their list.
 * Cost: as a correct replica, and what it says besides.
 */
import { InputError, inRange } from "../../../basics";
import { aroundHost } from "../../../protocol";
import type { Event, Node, NodeId } from "../../../protocol";
import type { PbftMessage, PbftTimer, PrePrepare, PreparedClaim, PreparedProof } from "../messages";
import type { PbftOptions } from "../options";
import { Pbft } from "../pbft";
import type { PbftHost } from "../state";
import { behaviourNames } from "./behaviours";
import type { PbftBehaviour } from "./behaviours";
import { deeds } from "./deeds";
import { lateTimer, sayLate } from "./deeds/timing";
import { keyOf } from "./liar";
import type { Liar, LiarOptions, Outgoing } from "./liar";

export interface ByzantineOptions extends PbftOptions, LiarOptions {
  /** What it does; default nothing: then it is a correct replica. */
  readonly behaviours: readonly PbftBehaviour[];
}

export class ByzantinePbft extends Pbft implements Node<PbftMessage, PbftTimer>, Liar {
  readonly behaviours: readonly PbftBehaviour[];
  readonly lies: LiarOptions;
  heard: PbftMessage[] = [];
  twins = new Map<string, readonly PrePrepare[]>();
  honest = new Set<string>();
  first = new Map<number, PreparedProof | PreparedClaim>();
  states: readonly unknown[] = [];
  stateOf = 0;
  queries = new Map<NodeId, unknown>();
  late: readonly (Outgoing & { readonly atMs: number })[] = [];

  /** Throws InputError for a behaviour that there is not, RangeError for a wrong option. */
  constructor(id: NodeId, peers: readonly NodeId[], options: Partial<ByzantineOptions> = {}) {
    const { behaviours = [], accomplices = [], delayMs = 150, liesFromMs = 0, ...rest } = options;
    super(id, peers, rest);
    const unknown = behaviours.find((name) => !behaviourNames.includes(name));
    if (unknown !== undefined) {
      throw new InputError(`no behaviour "${unknown}": choose of ${behaviourNames.join(", ")}`);
    }
    inRange("delayMs", delayMs, { min: 0, max: 86_400_000 });
    this.behaviours = behaviours;
    this.lies = { accomplices, delayMs, liesFromMs };
  }

  override handle(event: Event<PbftMessage, PbftTimer>, host: PbftHost): void {
    if (event.kind === "timer" && (event.timer as string) === lateTimer) return sayLate(this, host);
    const send = (to: NodeId, message: PbftMessage): void => this.say({ to, message }, host);
    if (host.nowMs < this.lies.liesFromMs) return this.behave(event, host);
    const heard = event.kind === "message" ? event.message : undefined;
    if (heard !== undefined) {
      for (const name of this.behaviours) deeds[name].beforehand?.(this, heard);
    }
    super.handle(event, aroundHost(host, { send }));
    for (const name of this.behaviours) deeds[name].besides?.(this, heard, host);
  }

  /** Does the right thing, and remembers what was proposed meanwhile. */
  private behave(event: Event<PbftMessage, PbftTimer>, host: PbftHost): void {
    super.handle(event, host);
    const { view } = this;
    for (const sequence of this.slots.keys()) this.honest.add(keyOf({ view, sequence }));
  }

  private say(said: Outgoing, host: PbftHost): void {
    let all: readonly Outgoing[] = [said];
    for (const name of this.behaviours) {
      const { instead } = deeds[name];
      if (instead !== undefined) all = all.flatMap((each) => instead(this, each, host));
    }
    for (const { to, message } of all) host.send(to, message);
  }
}
