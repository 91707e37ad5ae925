/**
 * A ring of nodes on which each knows a few others, and finds the owner of any key in O(log n)
 * hops, while nodes join, leave and fail; blocks have r copies, on the owner and those after it.
 *
 * Source: I. Stoica et al., "Chord", IEEE/ACM ToN 11(1), 2003, section IV, its rings mended as P.
 * Zave has proved they must be ("How to Make Chord Correct", IEEE TSE 43(12), 2017): see rules.ts.
 * Assumes: who fails stops, and is noticed in time; never r in a row at once; no partition (each
 * side would become a ring); r + 1 founders. After a failure of all, somebody founds it anew.
 * Guarantees: one ordered ring that all members reach; lookups right once it is stable; no block
 * that was acknowledged is lost to r - 1 failures between two repairs. Blocks are written once.
 * Cost: (log2 n) / 2 + 1 hops; log n fingers; 5 messages a node and period, and a lookup's.
 */
import type { Event, Node, NodeId } from "../../protocol";
import { takeCall, tryAgain } from "./calls";
import * as copying from "./copying";
import { fixNextFinger } from "./fingers";
import * as joining from "./joining";
import type { ChordAnswer, ChordCall, ChordHost, ChordMessage, ChordTimer } from "./messages";
import { chordOptions } from "./options";
import type { ChordOptions } from "./options";
import { placeOf } from "./places";
import * as requests from "./requests";
import { chordRules } from "./rules";
import type { ChordRules } from "./rules";
import { askNext, onStep, stepTo } from "./searching";
import * as stabilizing from "./stabilizing";
import type { Call, ChordPart, ChordState, Finding, Goal, Purpose } from "./state";
import type { Search, Write } from "./state";

export class Chord implements Node<ChordMessage, ChordTimer>, ChordState {
  readonly options: ChordOptions;
  readonly place: number;
  readonly contacts: NodeId[];
  part: ChordPart = "outside";
  predecessor: NodeId | null = null;
  successors: readonly NodeId[] = [];
  readonly fingers: (NodeId | null)[];
  nextFinger = 0;
  readonly blocks = new Map<string, unknown>();
  repairCursor = 0;
  readonly leavingKeys = new Set<string>();
  requests = 0;
  readonly calls = new Map<number, Call>();
  readonly searches = new Map<number, Search>();
  readonly writes = new Map<number, Write>();

  /**
   * `peers`: members to join through, for a node that is no founder; none: it waits for `join`.
   * Throws a RangeError for an option that is wrong.
   */
  constructor(
    readonly id: NodeId,
    peers: readonly NodeId[],
    options: Partial<ChordOptions> = {},
  ) {
    this.options = chordOptions(options);
    this.contacts = peers.filter((peer) => peer !== id);
    this.place = placeOf(this.options, id);
    this.fingers = Array.from({ length: this.options.bits }, () => null);
  }

  /** What its promises rest on; see `ChordRules`. */
  get rules(): ChordRules {
    return chordRules;
  }

  handle(event: Event<ChordMessage, ChordTimer>, host: ChordHost): void {
    if (event.kind === "start") this.start(event.saved, host);
    else if (event.kind === "timer") this.ring(event.timer, host);
    else this.hear(event.from, event.message, host);
  }

  /** A founder is a member at once; whoever has been one before joins again, as a new one. */
  private start(saved: Readonly<Record<string, unknown>>, host: ChordHost): void {
    for (const [key, value] of Object.entries(saved)) {
      if (key.startsWith("block/"))
        this.blocks.set(key.slice(6), (value as { value: unknown }).value);
    }
    const before = saved["contacts"] as readonly NodeId[] | undefined;
    const founders = this.options.founders ?? [this.id, ...this.contacts];
    if (before === undefined && founders.includes(this.id)) {
      return joining.found(this, founders, host);
    }
    for (const contact of before ?? []) joining.addContact(this, contact);
    if (this.contacts.length > 0) joining.startJoining(this, host);
  }

  onFound(search: Search, finding: Finding, host: ChordHost): void {
    requests.onFound(this, search, finding, host);
  }

  onNotFound(goal: Goal, host: ChordHost): void {
    requests.onNotFound(this, goal, host);
  }

  private ring(timer: ChordTimer, host: ChordHost): void {
    const { options } = this;
    if (timer === "join") return joining.tryContact(this, host);
    if (timer.startsWith("call/")) return this.giveUp(Number(timer.slice(5)), host);
    if (timer === "stabilize") {
      host.setTimer("stabilize", options.stabilizeMs);
      return stabilizing.stabilize(this, host);
    }
    if (timer === "fingers") {
      host.setTimer("fingers", options.fingerMs);
      return fixNextFinger(this, host);
    }
    host.setTimer("repair", options.repairMs);
    if (this.rules.repairsCopies) copying.repair(this, host);
  }

  private hear(from: NodeId, message: ChordMessage, host: ChordHost): void {
    switch (message.type) {
      case "lookup":
      case "put":
      case "get":
        return requests.onRequest(this, from, message, host);
      case "join":
        joining.addContact(this, message.through);
        if (this.part === "outside") joining.startJoining(this, host);
        return;
      case "leave":
        return joining.leave(this, host);
      case "state":
      case "step":
      case "store":
      case "copy":
      case "fetch":
        return this.onCall(from, message, host);
      case "stateIs":
      case "stepIs":
      case "stored":
      case "copied":
      case "fetched":
      case "isNot":
        return this.onAnswer(from, message, host);
      default:
        return this.onNews(from, message, host);
    }
  }

  private get isMember(): boolean {
    return this.part === "member" || this.part === "leaving";
  }

  private onCall(from: NodeId, message: ChordCall, host: ChordHost): void {
    const { requestId } = message;
    if (!this.isMember) return host.send(from, { type: "isNot", requestId });
    const { predecessor, successors } = this;
    switch (message.type) {
      case "state":
        return host.send(from, { type: "stateIs", requestId, predecessor, successors });
      case "step":
        return host.send(from, { type: "stepIs", requestId, ...stepTo(this, message.place) });
      case "store":
        return copying.onStore(this, from, message, host);
      case "copy":
        return copying.onCopy(this, from, message, host);
      default:
        return copying.onFetch(this, from, message, host);
    }
  }

  private onNews(from: NodeId, message: ChordMessage, host: ChordHost): void {
    if (!this.isMember) return;
    switch (message.type) {
      case "notify":
        return stabilizing.onNotify(this, from, host);
      case "left":
        return stabilizing.onLeft(this, from, host);
      case "offer":
        return copying.onOffer(this, from, message, host);
      case "holds":
        return copying.onHolds(this, from, message, host);
      case "want":
        return copying.onWant(this, from, message, host);
      default:
        return host.note("ignoredMessage", message.type);
    }
  }

  private onAnswer(from: NodeId, message: ChordAnswer, host: ChordHost): void {
    const call = takeCall(this, message.requestId, host);
    if (call === undefined) return;
    const { purpose } = call;
    if (message.type === "isNot") return this.onFailure(call, host);
    if (message.type === "stateIs") {
      if (purpose.kind === "successor") stabilizing.onSuccessor(this, from, message, host);
      if (purpose.kind === "candidate") stabilizing.onCandidate(this, from, message, host);
      if (purpose.kind === "joining") joining.onSuccessorFound(this, from, message, host);
    } else if (message.type === "stepIs") {
      if (purpose.kind === "step") onStep(this, purpose.search, message, host);
    } else if (message.type === "fetched") {
      if (purpose.kind === "reach") requests.onFetched(this, purpose, message, host);
    } else this.onKept(purpose, host);
  }

  private onKept(purpose: Purpose, host: ChordHost): void {
    if (purpose.kind === "reach") requests.onStored(purpose.goal, host);
    if (purpose.kind === "copy") copying.onCopied(this, purpose.write, host);
    if (purpose.kind === "rehome") copying.letGo(this, purpose.keys, host);
    if (purpose.kind === "leaving") joining.end(this, host);
  }

  private giveUp(requestId: number, host: ChordHost): void {
    if (tryAgain(this, requestId, host)) return;
    const call = takeCall(this, requestId, host);
    if (call !== undefined) this.onFailure(call, host);
  }

  /** The one that was called has failed, or is no member. */
  private onFailure({ to, purpose }: Call, host: ChordHost): void {
    switch (purpose.kind) {
      case "successor":
        return stabilizing.askSuccessor(this, host, purpose.index + 1);
      case "candidate":
        return stabilizing.notify(this, host);
      case "predecessor":
        if (this.predecessor === to) this.predecessor = null;
        return;
      case "joining":
        return joining.joinBefore(this, purpose.others, host);
      case "step":
        stabilizing.forgetFingers(this, to);
        return askNext(this, purpose.search, host);
      case "reach":
        return requests.reach(this, purpose.goal, purpose.others, host);
      case "copy":
        return copying.onNotCopied(this, purpose.write, host);
      case "leaving":
        return joining.handOver(this, host, purpose.heir - 1);
      default:
        return;
    }
  }
}
