/**
 * A member of a group that tells its members who is alive, at a load that does not grow with the
 * group: random probes find failures, and updates spread like an infection on their back.
 *
 * Source: A. Das et al., "SWIM", DSN 2002; Lifeguard (A. Dadgar et al., 2018); joins, leaves and
 * table exchange as in hashicorp/memberlist. Updates travel on probes alone, as in the paper.
 * Assumes: members crash, pause, restart under their name; messages are lost, late, repeated.
 * Guarantees: a crash is known to all in bounded time (completeness); a member that answers denies
 * suspicion (accuracy in time); an incarnation is raised by its owner alone, and never runs back.
 * Cost: 2 messages a period and member, 4k more a failed probe; dissemination in O(log n) periods.
 */
import { inRange } from "../../basics";
import type { Event, Node, NodeId } from "../../protocol";
import { askToJoin, leave, onSync, onSyncDue, setSyncTimer } from "./joining";
import { declareDead, hear, selfOf, setIncarnation } from "./learning";
import { standingOf, tableOf } from "./members";
import type { MemberTable } from "./members";
import type { SwimHost, SwimMessage, SwimTimer } from "./messages";
import { swimOptions } from "./options";
import type { SwimOptions } from "./options";
import { onAck, onNack, onPing, onPingRequest, onProbeTimeout } from "./probing";
import { onRelayTimeout, probeNext } from "./probing";
import { swimRules } from "./rules";
import type { SwimRules } from "./rules";
import type { Part, Probe, ProbePass, Relay, Suspicion, SwimState } from "./state";
import { addUpdate, emptyQueue } from "./update-queue";
import type { UpdateQueue } from "./update-queue";
import type { Standing } from "./updates";

export class Swim implements Node<SwimMessage, SwimTimer>, SwimState {
  readonly options: SwimOptions;
  readonly table: MemberTable;
  readonly queue: UpdateQueue = emptyQueue();
  readonly suspicions = new Map<NodeId, Suspicion>();
  readonly relays = new Map<number, Relay>();
  incarnation = 0;
  part: Part = "joining";
  probe: Probe | null = null;
  pass: ProbePass | null = null;
  requests = 0;
  health = 0;
  lingers = 0;

  /**
   * `peers`: members known from the start, or a few to join through; may hold the member itself.
   * Throws a RangeError for an option that is wrong.
   */
  constructor(
    readonly id: NodeId,
    peers: readonly NodeId[],
    options: Partial<SwimOptions> = {},
  ) {
    this.options = swimOptions(options);
    this.table = tableOf(id, peers);
  }

  /** What its promises rest on; see `SwimRules`. */
  get rules(): SwimRules {
    return swimRules;
  }

  /** What this member holds of another, or of itself; undefined when it has never heard of it. */
  standingOf(member: NodeId): Standing | undefined {
    return member === this.id ? selfOf(this) : standingOf(this.table, member);
  }

  handle(event: Event<SwimMessage, SwimTimer>, host: SwimHost): void {
    if (event.kind === "start") this.start(event.saved["incarnation"], host);
    else if (this.part === "gone") return;
    else if (event.kind === "timer") this.ring(event.timer, host);
    else this.listen(event.from, event.message, host);
  }

  /** The first period begins at a random moment, so that members are out of step. */
  private start(saved: unknown, host: SwimHost): void {
    const before = saved === undefined ? undefined : inRange("saved", Number(saved), wholeRange);
    setIncarnation(this, this.rules.incarnationAtStart(before), host);
    addUpdate(this.queue, selfOf(this));
    askToJoin(this, host);
    host.setTimer("period", host.random() * this.options.periodMs);
    setSyncTimer(this, host);
  }

  private ring(timer: SwimTimer, host: SwimHost): void {
    if (timer === "period") return this.beginPeriod(host);
    if (timer === "probe") return onProbeTimeout(this, host);
    if (timer === "sync") return onSyncDue(this, host);
    const [name, rest] = timer.split(/\/(.*)/s) as [string, string];
    if (name === "suspicion") declareDead(this, rest, host);
    else onRelayTimeout(this, Number(rest), host);
  }

  private beginPeriod(host: SwimHost): void {
    if (this.part === "leaving" && --this.lingers < 0) return this.end(host);
    if (this.part === "joining") askToJoin(this, host);
    probeNext(this, host);
    host.setTimer("period", this.options.periodMs * (this.health + 1));
  }

  private end(host: SwimHost): void {
    this.part = "gone";
    for (const member of this.suspicions.keys()) host.cancelTimer(`suspicion/${member}`);
    host.cancelTimer("probe");
    host.cancelTimer("sync");
    host.note("gone");
  }

  private listen(from: NodeId, message: SwimMessage, host: SwimHost): void {
    if ("updates" in message) for (const update of message.updates) hear(this, update, host);
    switch (message.type) {
      case "ping":
        return onPing(this, from, message, host);
      case "ack":
        return onAck(this, message, host);
      case "pingRequest":
        return onPingRequest(this, from, message, host);
      case "nack":
        return onNack(this, message);
      case "sync":
      case "syncAnswer":
        return onSync(this, from, message, host);
      case "leave":
        return leave(this, host);
      default:
        message satisfies never;
        return host.note("ignoredMessage", (message as SwimMessage).type);
    }
  }
}

const wholeRange = { min: 0, max: Number.MAX_SAFE_INTEGER };
