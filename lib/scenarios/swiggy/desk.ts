/** Where a zone's riders get their orders, and where one looks up who leads the zone. */
import { isNewer, noEpoch } from "../../consensus/election";
import type { Epoch } from "../../consensus/election";
import type { Event, Host, Node, NodeId } from "../../protocol";
import type { Assignment, ZoneMessage, ZoneTimer } from "./messages";

type ZoneHost = Host<ZoneMessage, ZoneTimer>;

/**
 * The riders' desk: it does what leaders say, and does not look at it.
 *
 * Source: Burrows 2006, section 2.4: it keeps the highest epoch that it has met.
 * Assumes: it does not fail.
 * Guarantees: with `isFenced`, what is told in a lower epoch is refused, and changes nothing.
 * Cost: one number.
 */
export class RiderDesk implements Node<ZoneMessage, ZoneTimer> {
  /** Every assignment that was carried out, repeated and contradicting ones too. */
  readonly done: Assignment[] = [];
  private highest: Epoch = noEpoch;
  private readonly isFenced: boolean;

  constructor(
    readonly id: NodeId,
    _peers: readonly NodeId[],
    { isFenced = true }: { readonly isFenced?: boolean } = {},
  ) {
    this.isFenced = isFenced;
  }

  handle(event: Event<ZoneMessage, ZoneTimer>, host: ZoneHost): void {
    if (event.kind !== "message") return;
    const { from, message } = event;
    if (message.type !== "claim" && message.type !== "assign") return;
    if (this.isFenced && isNewer(this.highest, message.epoch)) {
      host.note("refused", { of: message.epoch, highest: this.highest });
      return host.send(from, { type: "refused", epoch: this.highest });
    }
    if (isNewer(message.epoch, this.highest)) this.highest = message.epoch;
    if (message.type === "claim") {
      return host.send(from, { type: "claimed", assignments: [...this.done] });
    }
    this.done.push(message.assignment);
    host.note("assigned", message.assignment);
    host.send(from, { type: "assigned", assignment: message.assignment });
  }
}

/**
 * Service discovery: who leads the zone, as far as leaders have said so; later epochs win.
 *
 * Source: Burrows 2006, section 2.1, the name service.
 * Assumes: it does not fail.
 * Guarantees: the epoch that it answers with never runs back.
 * Cost: one message a change of leaders, two a look-up.
 */
export class ZoneRegistry implements Node<ZoneMessage, ZoneTimer> {
  epoch: Epoch = noEpoch;

  constructor(readonly id: NodeId) {}

  handle(event: Event<ZoneMessage, ZoneTimer>, host: ZoneHost): void {
    if (event.kind !== "message") return;
    const { from, message } = event;
    if (message.type === "whoLeads") host.send(from, { type: "leads", epoch: this.epoch });
    if (message.type !== "register" || !isNewer(message.epoch, this.epoch)) return;
    this.epoch = message.epoch;
    host.note("registered", message.epoch);
  }
}
