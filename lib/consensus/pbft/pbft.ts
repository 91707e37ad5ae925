/**
 * PBFT: a replicated state machine that stays right although f of its 3f + 1 replicas lie.
 *
 * Source: M. Castro and B. Liskov, "Practical Byzantine Fault Tolerance", OSDI 1999, and TOCS 2002;
 * each file beside this one names its sections and where ours differs. Left out: tentative
 * execution and one full reply among digests (5.1); proactive recovery (2002, section 4).
 * Assumes: at most f faulty replicas, any clients; no signature is forged; correct replicas may
 * crash and start again with what they saved (`storage.ts`: votes and states spoken for).
 * Guarantees: correct replicas execute the same requests in the same order, each once, and a
 * client believes no answer that a correct replica did not give; progress when messages arrive.
 * Cost: 1 + (n-1) + (n-1)^2 + n(n-1) + n messages a batch of one, 29 for n = 4; five delays.
 */
import type { Event, Node, NodeId } from "../../protocol";
import { machineNamed } from "../raft/machines";
import type { Machine } from "../raft/machines";
import { onBatch, onCommit, onPrePrepare, onPrepare } from "./agreement";
import { authenticationOf } from "./authentication";
import type { Authentication } from "./authentication";
import { onFetchBatch } from "./batches";
import { onCheckpoint } from "./checkpoints";
import { execute } from "./execution";
import { onExecuted } from "./learning";
import type {
  Checkpoint,
  Commit,
  NewView,
  PbftEvidence,
  PbftMessage,
  PbftRequest,
  PbftTimer,
  PrePrepare,
  Prepare,
  ViewChange,
} from "./messages";
import { onNewView } from "./new-view";
import { inViewOrder, pbftOptions } from "./options";
import type { PbftOptions } from "./options";
import { propose } from "./proposals";
import { serveReads } from "./reads";
import { keepTimer, onRequest } from "./requests";
import { restart } from "./restart";
import { faultsOf, paperRules } from "./rules";
import type { ClusterSize, PbftRules } from "./rules";
import { drop } from "./state";
import type {
  DropReason,
  LastReply,
  PbftHost,
  PbftState,
  Slot,
  Snapshot,
  StableCheckpoint,
  StateTransfer,
  WaitingRead,
} from "./state";
import { onFetchState, onStatePage, onStatePages } from "./state-transfer";
import { keepHeartbeat, keepStatusTimer, onHeartbeat, onStatus } from "./status";
import { onStatusTimer, rejoin } from "./status";
import { flawOf } from "./verification";
import { onNewViewTimeout, onRequestTimeout, onViewChange } from "./view-change";

export class Pbft implements Node<PbftMessage, PbftTimer>, PbftState {
  readonly options: PbftOptions;
  readonly replicas: readonly NodeId[];
  readonly size: ClusterSize;
  view = 0;
  isActive = true;
  stable: StableCheckpoint = { sequence: 0, digest: "", proof: [] };
  slots = new Map<number, Slot>();
  ownViewChange: ViewChange | null = null;
  newView: NewView | null = null;
  lastExecuted = 0;
  machineState: unknown;
  replies = new Map<NodeId, LastReply>();
  snapshots = new Map<number, Snapshot>();
  checkpoints = new Map<number, Map<NodeId, Checkpoint>>();
  viewChanges = new Map<NodeId, ViewChange>();
  pending = new Map<NodeId, PbftRequest>();
  unproposed = new Set<NodeId>();
  lastProposed = 0;
  reads = new Map<NodeId, WaitingRead>();
  highestPrepared = 0;
  early = new Map<string, PrePrepare | Prepare | Commit>();
  missing: StableCheckpoint | null = null;
  transfer: StateTransfer | null = null;
  attempts = 0;
  awaitedView: number | null = null;
  timed: { readonly client: NodeId; readonly timestamp: number } | null = null;
  statusMark: number | null = null;
  rejoining = 0;
  answeredMs = new Map<NodeId, number>();
  dropped = new Map<DropReason, number>();
  evidence: PbftEvidence[] = [];

  /** `peers`: the other replicas. Throws a RangeError for an option that is wrong. */
  constructor(
    readonly id: NodeId,
    peers: readonly NodeId[],
    options: Partial<PbftOptions> = {},
  ) {
    this.options = pbftOptions(options);
    this.replicas = this.options.replicas ?? inViewOrder([id, ...peers]);
    this.size = { n: this.replicas.length, f: faultsOf(this.replicas.length) };
    this.machineState = this.machine.initial();
  }

  /** What is safe; see `PbftRules`. */
  get rules(): PbftRules {
    return paperRules;
  }

  get machine(): Machine {
    return machineNamed(this.options.machine);
  }

  /** Keys are no plain data, so they are no field. */
  get authentication(): Authentication {
    return authenticationOf(this.id, this.options);
  }

  handle(event: Event<PbftMessage, PbftTimer>, host: PbftHost): void {
    if (event.kind === "start") this.start(event.saved, host);
    else if (event.kind === "timer") this.ring(event.timer, host);
    else this.hear(event.from, event.message, host);
    this.settle(host);
  }

  /** One that has run before asks what it has missed. */
  private start(saved: Readonly<Record<string, unknown>>, host: PbftHost): void {
    keepHeartbeat(this, host);
    if (Object.keys(saved).length === 0) return;
    restart(this, saved, host);
    rejoin(this, host);
  }

  private ring(timer: PbftTimer, host: PbftHost): void {
    if (timer === "request") onRequestTimeout(this, host);
    else if (timer === "newView") onNewViewTimeout(this, host);
    else if (timer === "status") onStatusTimer(this, host);
    else if (timer === "heartbeat") onHeartbeat(this, host);
  }

  private hear(from: NodeId, message: PbftMessage, host: PbftHost): void {
    const reason = flawOf(this, message);
    if (reason !== undefined) return drop(this, { reason, message }, host);
    switch (message.type) {
      case "request":
        return onRequest(this, { from, request: message }, host);
      case "prePrepare":
        return onPrePrepare(this, message, host);
      case "prepare":
        return onPrepare(this, message, host);
      case "commit":
        return onCommit(this, message, host);
      case "checkpoint":
        return onCheckpoint(this, message, host);
      case "viewChange":
        return onViewChange(this, message, host);
      case "newView":
        return onNewView(this, message, host);
      case "status":
        return onStatus(this, { from, status: message }, host);
      case "executed":
        return onExecuted(this, message, host);
      case "fetchBatch":
        return onFetchBatch(this, message, host);
      case "batch":
        return onBatch(this, message, host);
      case "fetchState":
        return onFetchState(this, message, host);
      case "statePages":
        return onStatePages(this, message, host);
      case "statePage":
        return onStatePage(this, message, host);
      case "reply":
      case "submit":
        return; // a client's
    }
  }

  /** After every event, whatever follows from it; what is executed makes room for proposals. */
  private settle(host: PbftHost): void {
    let before: number;
    do {
      before = this.lastExecuted;
      propose(this, host);
      execute(this, host);
    } while (this.lastExecuted > before);
    serveReads(this, host);
    keepTimer(this, host);
    keepStatusTimer(this, host);
  }
}
