/**
 * One of a zone's dispatch servers: an election says who leads, and the leader gives each order to
 * a rider who has none.
 *
 * Source: Garcia-Molina 1982 or Ongaro 2014 for the election; fencing as in M. Burrows, "The Chubby
 * Lock Service", OSDI 2006, section 2.4: every command to the desk carries the leader's epoch.
 * Assumes: servers crash, pause and lose each other; the desk and the registry do not fail.
 * Guarantees: with a desk that fences, an order has one rider and a rider one order, whoever leads;
 * without it, only while one server leads.
 * Cost: 2 messages to the desk an order, and 4 more a change of leaders.
 */
import { isNewer, isSame, noEpoch } from "../../consensus/election";
import type { Epoch } from "../../consensus/election";
import { aroundHost } from "../../protocol";
import type { Event, Host, Node, NodeId } from "../../protocol";
import { epochLed, zoneElector } from "./elector";
import type { ElectedBy, ZoneElector } from "./elector";
import type { Assignment, ZoneMessage, ZonePlaces, ZoneTimer } from "./messages";

export interface ZoneDispatcherOptions {
  readonly places: ZonePlaces;
  readonly riders: readonly string[];
  /** Default "bully". */
  readonly electedBy: ElectedBy;
  /** Of that election; default: its own defaults. */
  readonly election: object;
}

type ZoneHost = Host<ZoneMessage, ZoneTimer>;

/** What is said to a dispatcher that is no part of its election. */
const zoneTypes = ["order", "claimed", "assigned", "refused"];

export class ZoneDispatcher implements Node<ZoneMessage, ZoneTimer> {
  readonly elector: ZoneElector;
  readonly options: ZoneDispatcherOptions;
  /** By order: what this server believes of the desk. */
  readonly assignments = new Map<string, string>();
  /** The epoch in which the desk has let it in; `noEpoch`: it does not lead, or not yet. */
  private open: Epoch = noEpoch;
  /** Orders that the desk has been told of and has not confirmed. */
  private readonly pending = new Map<string, { customer: NodeId; rider: string }>();

  constructor(
    readonly id: NodeId,
    peers: readonly NodeId[],
    options: Partial<ZoneDispatcherOptions> = {},
  ) {
    const places = { desk: "desk", registry: "registry" };
    this.options = { places, riders: [], electedBy: "bully", election: {}, ...options };
    const servers = peers.filter((peer) => peer !== places.desk && peer !== places.registry);
    const { electedBy, election } = this.options;
    this.elector = zoneElector(electedBy, { id, servers, options: election });
  }

  handle(event: Event<ZoneMessage, ZoneTimer>, host: ZoneHost): void {
    if (event.kind === "message" && zoneTypes.includes(event.message.type)) {
      return this.hear(event.from, event.message, host);
    }
    const before = epochLed(this.elector);
    this.elector.handle(event as Event<never, never>, aroundHost(host, {}) as Host<never, never>);
    const epoch = epochLed(this.elector);
    if (epoch === noEpoch) this.open = noEpoch;
    else if (!isSame(epoch, before)) this.takeOver(epoch, host);
  }

  /** What earlier leaders did is at the desk: it starts from there. */
  private takeOver(epoch: Epoch, host: ZoneHost): void {
    const { desk, registry } = this.options.places;
    host.send(desk, { type: "claim", epoch });
    host.send(registry, { type: "register", epoch });
  }

  private hear(from: NodeId, message: ZoneMessage, host: ZoneHost): void {
    if (message.type === "order") return this.onOrder(from, message.order, host);
    if (message.type === "claimed") this.onClaimed(message.assignments);
    else if (message.type === "assigned") this.onAssigned(message.assignment, host);
    else if (message.type === "refused" && isNewer(message.epoch, this.open)) {
      // Somebody leads in a later epoch; not a late answer to what it said before its own.
      this.open = noEpoch;
      this.pending.clear();
      host.note("fencedOff", epochLed(this.elector));
    }
  }

  private onClaimed(assignments: readonly Assignment[]): void {
    this.open = epochLed(this.elector);
    if (this.open === noEpoch) return;
    this.assignments.clear();
    this.pending.clear();
    for (const { order, rider } of assignments) this.assignments.set(order, rider);
  }

  private onOrder(from: NodeId, order: string, host: ZoneHost): void {
    if (this.open === noEpoch) return host.send(from, { type: "notLeader" });
    if (this.assignments.has(order)) return host.send(from, { type: "accepted", order });
    if (this.pending.has(order)) return;
    const promised = [...this.pending.values()].map(({ rider }) => rider);
    const busy = new Set([...this.assignments.values(), ...promised]);
    const rider = this.options.riders.find((each) => !busy.has(each));
    if (rider === undefined) return;
    this.pending.set(order, { customer: from, rider });
    const assignment = { order, rider };
    host.send(this.options.places.desk, { type: "assign", epoch: this.open, assignment });
  }

  private onAssigned({ order, rider }: Assignment, host: ZoneHost): void {
    const customer = this.pending.get(order)?.customer;
    this.pending.delete(order);
    this.assignments.set(order, rider);
    if (customer !== undefined) host.send(customer, { type: "accepted", order });
  }
}
