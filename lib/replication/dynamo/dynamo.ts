/**
 * Dynamo: a key-value store that takes writes whatever fails, on a ring of equal nodes.
 *
 * Source: G. DeCandia et al., "Dynamo: Amazon's highly available key-value store", SOSP 2007; each
 * file beside this one names its sections and where ours differs: dotted versions, two-step
 * changes.
 * Assumes: nodes crash and start again with what they saved; messages are lost, repeated, delayed,
 * reordered. A majority of the ring to change it. Clocks matter for `lastWriteWins` only.
 * Guarantees: R + W > N and no sloppy quorum: no acknowledged write is lost, and a read has all
 * that were acknowledged before it. Sloppy: reads may miss some until hints arrive, then none is
 * lost.
 * Cost: an operation is a round trip to N owners, waiting for R or W of them; a write at each.
 */
import type { Event, Node, NodeId } from "../../protocol";
import { onAntiEntropyTimer, onCompare, onSame, onSync } from "./anti-entropy";
import { onReplyTimer, onRequest, onStored, restartOperation } from "./coordinate";
import { adoptRing, followRing, onGossip, onGossipTimer } from "./membership";
import { onStream, onStreamed, onStreamTimer, setRing } from "./membership";
import type { DynamoMessage, DynamoTimer } from "./messages";
import { dynamoOptions } from "./options";
import type { DynamoOptions } from "./options";
import { ownersOf } from "./owners";
import { onFetch, onHandedOff, onHandOff, onHandOffTimer, onStore } from "./replica";
import { epochOf, firstRing } from "./ring";
import type { Ring } from "./ring";
import { followWishes, onAgreeTimer, onChangeRing, onRingTalk } from "./ring-agreement";
import { dynamoRules } from "./rules";
import type { DynamoRules } from "./rules";
import type { DynamoHost, DynamoState } from "./state";
import { keep, restoreEntries } from "./storage";

export class Dynamo implements Node<DynamoMessage, DynamoTimer>, DynamoState {
  readonly options: DynamoOptions;
  ring: Ring;
  epoch: number;
  owners: DynamoState["owners"];
  readonly entries: DynamoState["entries"] = new Map();
  readonly hints: DynamoState["hints"] = new Map();
  readonly keys: DynamoState["keys"] = new Map();
  readonly trees: DynamoState["trees"] = new Map();
  readonly deleted: DynamoState["deleted"] = new Set();
  readonly operations: DynamoState["operations"] = new Map();
  readonly transfers: DynamoState["transfers"] = new Map();
  readonly lastPuts: DynamoState["lastPuts"] = new Map();
  readonly suspects = new Set<NodeId>();
  readonly wishes: DynamoState["wishes"] = [];
  proposal: DynamoState["proposal"] = null;
  vote: DynamoState["vote"] = null;
  ballots = 0;
  gossiped: NodeId | null = null;
  life = "";
  begun = 0;
  births = 0;

  /** `peers`: the other nodes. Throws a RangeError for an option that is wrong. */
  constructor(
    readonly id: NodeId,
    peers: readonly NodeId[],
    options: Partial<DynamoOptions> = {},
  ) {
    this.options = dynamoOptions(options);
    this.ring = firstRing([...(this.options.members ?? [id, ...peers])].sort());
    this.epoch = epochOf(this.ring);
    this.owners = ownersOf(this.ring, this.options);
  }

  /** What is safe; see `DynamoRules`. */
  get rules(): DynamoRules {
    return dynamoRules;
  }

  handle(event: Event<DynamoMessage, DynamoTimer>, host: DynamoHost): void {
    if (event.kind === "start") this.start(event.saved, host);
    else if (event.kind === "timer") this.ringBell(event.timer, host);
    else this.hear(event.from, event.message, host);
    followWishes(this, host);
  }

  private start(saved: Readonly<Record<string, unknown>>, host: DynamoHost): void {
    const draw = (): string => Math.floor(host.random() * 2 ** 32).toString(36);
    this.life = draw() + draw();
    if (saved["ring"] !== undefined) setRing(this, saved["ring"] as Ring);
    this.vote = (saved["vote"] as DynamoState["vote"] | undefined) ?? null;
    this.ballots = this.vote?.promised.count ?? 0;
    restoreEntries(this, saved);
    const { gossipMs, antiEntropyMs, handOffMs } = this.options;
    host.setTimer("gossip", gossipMs * host.random());
    host.setTimer("antiEntropy", antiEntropyMs * host.random());
    host.setTimer("handOff", handOffMs * host.random());
    followRing(this, host);
  }

  private ringBell(timer: DynamoTimer, host: DynamoHost): void {
    if (timer === "gossip") onGossipTimer(this, host);
    else if (timer === "antiEntropy") onAntiEntropyTimer(this, host);
    else if (timer === "handOff") onHandOffTimer(this, host);
    else if (timer === "stream") onStreamTimer(this, host);
    else if (timer === "agree") onAgreeTimer(this, host);
    else if (typeof timer === "object") onReplyTimer(this, timer.operation, host);
  }

  private hear(from: NodeId, message: DynamoMessage, host: DynamoHost): void {
    this.suspects.delete(from);
    if (this.gossiped === from) this.gossiped = null;
    switch (message.type) {
      case "get":
      case "put":
        return onRequest(this, { client: from, request: message, isForwarded: false }, host);
      case "forward": {
        const { client, request } = message;
        if (request.type === "changeRing") return;
        return onRequest(this, { client, request, isForwarded: true }, host);
      }
      case "changeRing":
        return onChangeRing(this, from, message, host);
      case "store":
        return onStore(this, from, message, host);
      case "fetch":
        return onFetch(this, from, message, host);
      case "stored":
        return onStored(this, from, message, host);
      case "staleRing":
        adoptRing(this, message.ring, host);
        return restartOperation(this, message.operation, host);
      case "repair":
        return keep(this, { ...message, meant: this.id }, host);
      case "handOff":
        return onHandOff(this, from, [message.key, message.versions], host);
      case "handedOff":
        return onHandedOff(this, from, [message.key, message.versions], host);
      default:
        return this.hearOfOthers(from, message, host);
    }
  }

  /** What has nothing to do with clients: the ring, trees, transfers. */
  private hearOfOthers(from: NodeId, message: DynamoMessage, host: DynamoHost): void {
    switch (message.type) {
      case "gossip":
        return onGossip(this, from, message, host);
      case "compare":
        return onCompare(this, from, message, host);
      case "same":
        return onSame(this, message, host);
      case "sync":
        return onSync(this, from, message, host);
      case "stream":
        return onStream(this, from, message, host);
      case "streamed":
        return onStreamed(this, from, message, host);
      case "ringPrepare":
      case "ringPromise":
      case "ringAccept":
      case "ringAccepted":
      case "ringRefuse":
        return onRingTalk(this, from, message, host);
      default:
        return host.note("ignoredMessage", message.type);
    }
  }
}
