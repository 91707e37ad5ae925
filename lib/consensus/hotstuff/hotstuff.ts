/**
 * HotStuff, chained: a replicated state machine for 3f + 1 replicas of which f may lie, whose
 * leader changes as cheaply as it works: every message goes to the leader or comes from it.
 *
 * Source: M. Yin, D. Malkhi, M. Reiter, G. Golan Gueta, I. Abraham, "HotStuff: BFT Consensus with
 * Linearity and Responsiveness", PODC 2019; each file beside this one names its sections. Ours is
 * the chained one of section 5, as the authors' own program is: a block's three phases (prepare,
 * pre-commit, commit) are the certificates of three blocks in a row, so that under load a block
 * costs one phase. Certificates are lists of Ed25519 signatures in place of threshold signatures.
 * Assumes: links tell who speaks; no forged signatures; f = floor((n - 1) / 3) Byzantine.
 * Guarantees: correct replicas decide the same blocks, always; once messages arrive in time, every
 * command that a client keeps asking for is executed once.
 * Cost: see `proposing.ts`, `pacemaker.ts` and `formulas.ts`: O(n) messages, O(n) bytes each.
 */
import type { Event, Node, NodeId } from "../../protocol";
import { machineNamed } from "../raft/machines";
import { inViewOrder } from "../pbft/options";
import type { Machine } from "../raft/machines";
import { genesis, genesisCertificate, genesisName } from "./block";
import { onBlocks, onDecide, onSnapshot } from "./catching-up";
import { askNext, onFetch } from "./fetching";
import type { Block, Certificate, Command, HotStuffMessage, HotStuffTimer } from "./messages";
import type { Snapshot } from "./messages";
import { hotStuffOptions } from "./options";
import type { HotStuffOptions } from "./options";
import { keepTime, onNewView, onViewTimeout } from "./pacemaker";
import { lead } from "./proposing";
import { onRequest } from "./requests";
import { restore } from "./restore";
import { hotStuffRules } from "./rules";
import type { HotStuffRules } from "./rules";
import type { Ask, Claim, Evidence, Executed, HotStuffHost, HotStuffState, Missing } from "./state";
import { onProposal, onVote } from "./voting";
import { isWellFormed } from "./well-formed";

export class HotStuff implements Node<HotStuffMessage, HotStuffTimer>, HotStuffState {
  readonly options: HotStuffOptions;
  readonly replicas: readonly NodeId[];
  lastVotedView = 0;
  highQC: Certificate = genesisCertificate;
  lockedQC: Certificate = genesisCertificate;
  readonly blocks = new Map<string, Block>([[genesisName, genesis]]);
  decided: string[] = [genesisName];
  readonly open = new Set<string>();
  snapshot: Snapshot | null = null;
  machineState: unknown;
  readonly executed = new Map<NodeId, Executed>();
  view = 1;
  readonly pending = new Map<NodeId, Command>();
  readonly votes = new Map<number, Map<string, Record<NodeId, string>>>();
  readonly asks = new Map<NodeId, Ask>();
  failures = 0;
  spreadView = 0;
  missing: Missing | null = null;
  readonly proposed = new Map<number, Claim>();
  readonly evidence: Evidence[] = [];
  timedView: number | null = null;

  /** `peers`: the other replicas. Throws a RangeError for an option that is wrong. */
  constructor(
    readonly id: NodeId,
    peers: readonly NodeId[],
    options: Partial<HotStuffOptions> = {},
  ) {
    this.options = hotStuffOptions(options);
    this.replicas = inViewOrder([...new Set([id, ...peers])]);
    this.machineState = this.machine.initial();
  }

  /** What is safe; see `HotStuffRules`. */
  get rules(): HotStuffRules {
    return hotStuffRules;
  }

  get machine(): Machine {
    return machineNamed(this.options.machine);
  }

  handle(event: Event<HotStuffMessage, HotStuffTimer>, host: HotStuffHost): void {
    if (event.kind === "start") restore(this, event.saved, host);
    else if (event.kind === "timer") this.ring(event.timer, host);
    else if (isWellFormed(event.message)) this.hear(event.from, event.message, host);
    else host.note("refused", { flaw: "not well formed", from: event.from });
    lead(this, host);
    keepTime(this, host);
  }

  private ring(timer: HotStuffTimer, host: HotStuffHost): void {
    if (timer === "view") onViewTimeout(this, host);
    else if (timer === "fetch") askNext(this, host);
  }

  private hear(from: NodeId, message: HotStuffMessage, host: HotStuffHost): void {
    switch (message.type) {
      case "request":
        return onRequest(this, from, message, host);
      case "proposal":
        return onProposal(this, message, host);
      case "vote":
        return onVote(this, from, message, host);
      case "newView":
        return onNewView(this, from, message, host);
      case "decide":
        return onDecide(this, message, host);
      case "fetch":
        return onFetch(this, from, message, host);
      case "blocks":
        return onBlocks(this, message, host);
      case "snapshot":
        return onSnapshot(this, from, message, host);
      case "reply":
      case "submit":
        return;
      default:
        message satisfies never;
    }
  }
}
