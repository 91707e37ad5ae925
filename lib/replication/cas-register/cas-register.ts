/**
 * Registers that are read and compared-and-set as if each were one variable: a majority agrees on
 * every change, and no node leads.
 *
 * Source: D. Rystsov, "CASPaxos: replicated state machines without logs", arXiv:1802.07000, 2018,
 * sections 2.1 and 2.2. Ours compares versions, so that a repeated request changes nothing twice.
 * Assumes: nodes crash and start again with what they saved; messages are lost, repeated, delayed.
 * Guarantees: linearizable; goes on while a majority can talk and proposers do not collide forever.
 * Cost: two round trips to a majority and two saves at each node, for a read as well; a state a
 * key.
 */
import type { Event, Host, Node, NodeId } from "../../protocol";
import { inRange, wholeInRange, withDefaults } from "../../basics";
import { proposalOf, recentAtMost } from "./messages";
import type { Accepted, Ballot, CasAnswer, CasMessage, CasRequest } from "./messages";
import type { CasTimer, RegisterState, Vote } from "./messages";
import { casRules } from "./rules";
import type { CasRules } from "./rules";

export interface CasRegisterOptions {
  /** An attempt without a majority is given up after so long; default 60 ms. */
  readonly replyMs: number;
  /** Pause before the next attempt, in the mean and at first; doubles each time. Default 5 ms. */
  readonly backoffMs: number;
  /** A request is given up after so many attempts, 1 to 30; default 8. */
  readonly attempts: number;
}

const defaults: CasRegisterOptions = { replyMs: 60, backoffMs: 5, attempts: 8 };
const noBallot: Ballot = { count: 0, proposer: "" };
const empty: RegisterState = { version: 0, value: null, recent: [] };

/** What an acceptor is bound to. */
interface Acceptor {
  readonly promised: Ballot;
  readonly accepted: Accepted | null;
}

interface Proposal {
  readonly id: string;
  readonly client: NodeId;
  readonly request: CasRequest;
  ballot: Ballot;
  phase: "prepare" | "accept" | "wait";
  voters: NodeId[];
  /** The latest that a promise has told of. */
  latest: Accepted | null;
  /** What is to be accepted, and the answer when it is. */
  next: RegisterState;
  kind: "ok" | "mismatch";
  attempts: number;
  /** Its own change was sent to acceptors: it may be made, now or by a later proposer. */
  isInDoubt: boolean;
}

type CasHost = Host<CasMessage, CasTimer>;

export class CasRegister implements Node<CasMessage, CasTimer> {
  readonly options: CasRegisterOptions;
  private readonly nodes: readonly NodeId[];
  private readonly acceptors = new Map<string, Acceptor>();
  private readonly proposals = new Map<string, Proposal>();
  /** Grows with every start, so that no two attempts have the same ballot. */
  private life = 0;
  /** The count of its last ballot, or a larger one that was seen. */
  private count = 0;

  /** `peers`: the other nodes. Throws a RangeError for an option that is wrong. */
  constructor(
    readonly id: NodeId,
    peers: readonly NodeId[],
    options: Partial<CasRegisterOptions> = {},
  ) {
    this.options = withDefaults("CasRegister", defaults, options);
    inRange("replyMs", this.options.replyMs, { min: 1, max: 86_400_000 });
    inRange("backoffMs", this.options.backoffMs, { min: 1, max: 86_400_000 });
    wholeInRange("attempts", this.options.attempts, { min: 1, max: 30 });
    this.nodes = [id, ...peers];
  }

  /** What is safe; see `CasRules`. */
  get rules(): CasRules {
    return casRules;
  }

  handle(event: Event<CasMessage, CasTimer>, host: CasHost): void {
    if (event.kind === "start") this.start(event.saved, host);
    else if (event.kind === "message") this.hear(event.from, event.message, host);
    else if (typeof event.timer === "object") this.ring(event.timer.proposal, host);
  }

  private start(saved: Readonly<Record<string, unknown>>, host: CasHost): void {
    this.life = ((saved["life"] as number | undefined) ?? 0) + 1;
    host.save("life", this.life);
    for (const [name, value] of Object.entries(saved)) {
      if (!name.startsWith("register/")) continue;
      const acceptor = value as Acceptor;
      this.acceptors.set(name.slice("register/".length), acceptor);
      this.catchUp(acceptor.promised);
    }
  }

  private hear(from: NodeId, message: CasMessage, host: CasHost): void {
    switch (message.type) {
      case "read":
      case "cas":
        return this.propose(from, message, host);
      case "prepare":
        return this.onPrepare(from, message, host);
      case "accept":
        return this.onAccept(from, message, host);
      case "promise":
        return this.onPromise(from, message, host);
      case "accepted":
        return this.onAccepted(from, message, host);
      case "refuse":
        return this.onRefuse(message, host);
      case "answer":
        return;
    }
  }

  /** A request that comes again while it is under way is the same request. */
  private propose(client: NodeId, request: CasRequest, host: CasHost): void {
    const id = proposalOf(client, request.requestId);
    if (this.proposals.has(id)) return;
    const proposal: Proposal = {
      id,
      client,
      request,
      ballot: noBallot,
      phase: "wait",
      voters: [],
      latest: null,
      next: empty,
      kind: "ok",
      attempts: 0,
      isInDoubt: false,
    };
    this.proposals.set(id, proposal);
    this.attempt(proposal, host);
  }

  private attempt(proposal: Proposal, host: CasHost): void {
    proposal.attempts++;
    const proposer = this.rules.proposer(this.id, this.life);
    proposal.ballot = { count: ++this.count, proposer };
    proposal.phase = "prepare";
    proposal.voters = [];
    proposal.latest = null;
    host.setTimer({ proposal: proposal.id }, this.options.replyMs);
    for (const node of this.nodes) host.send(node, { type: "prepare", ...voteOf(proposal) });
  }

  private onPrepare(from: NodeId, vote: Vote, host: CasHost): void {
    const acceptor = this.acceptorOf(vote.key);
    if (this.isRefused("prepare", { from, vote, promised: acceptor.promised }, host)) return;
    this.bind(vote.key, { ...acceptor, promised: vote.ballot }, host);
    host.send(from, {
      ...bare(vote),
      type: "promise",
      accepted: this.rules.told(acceptor.accepted),
    });
  }

  private onAccept(from: NodeId, vote: Vote & { state: RegisterState }, host: CasHost): void {
    const { key, ballot, state } = vote;
    const { promised } = this.acceptorOf(key);
    if (this.isRefused("accept", { from, vote, promised }, host)) return;
    this.bind(key, { promised: ballot, accepted: { ballot, state } }, host);
    host.send(from, { ...bare(vote), type: "accepted" });
  }

  private isRefused(
    phase: "prepare" | "accept",
    { from, vote, promised }: { from: NodeId; vote: Vote; promised: Ballot },
    host: CasHost,
  ): boolean {
    this.catchUp(vote.ballot);
    if (this.rules.mayVote(phase, promised, vote.ballot)) return false;
    host.note("refused", { from, phase });
    host.send(from, { ...bare(vote), type: "refuse", promised });
    return true;
  }

  private catchUp({ count: seen }: Ballot): void {
    this.count = this.rules.caughtUp(this.count, seen);
  }

  private acceptorOf(key: string): Acceptor {
    return this.acceptors.get(key) ?? { promised: noBallot, accepted: null };
  }

  private bind(key: string, acceptor: Acceptor, host: CasHost): void {
    this.acceptors.set(key, acceptor);
    host.save(`register/${key}`, acceptor);
  }

  private onPromise(from: NodeId, vote: Vote & { accepted: Accepted | null }, host: CasHost): void {
    const proposal = this.current(vote, "prepare");
    if (proposal === undefined || !this.rules.isCounted(proposal.voters, from)) return;
    proposal.voters.push(from);
    proposal.latest = this.rules.latest(proposal.latest, vote.accepted);
    if (!this.isQuorum(proposal)) return;
    this.decide(proposal);
    if (!this.rules.mustAccept(proposal.request)) return this.tell(proposal, host);
    proposal.phase = "accept";
    proposal.voters = [];
    const { next: state } = proposal;
    for (const node of this.nodes) host.send(node, { type: "accept", state, ...voteOf(proposal) });
  }

  /** Section 2.2: the change is applied to what is there; a read changes nothing. */
  private decide(proposal: Proposal): void {
    const { request, id, latest } = proposal;
    const found = latest?.state ?? empty;
    const isDone = this.rules.isDone(found.recent, id);
    const isMatch = request.type === "cas" && found.version === request.expected;
    proposal.kind = request.type === "read" || isDone || isMatch ? "ok" : "mismatch";
    proposal.next = found;
    if (request.type !== "cas" || !isMatch || isDone) return;
    const recent = [...found.recent, id].slice(-recentAtMost);
    proposal.next = { version: found.version + 1, value: request.value, recent };
    proposal.isInDoubt = true;
  }

  private onAccepted(from: NodeId, vote: Vote, host: CasHost): void {
    const proposal = this.current(vote, "accept");
    if (proposal === undefined || !this.rules.isCounted(proposal.voters, from)) return;
    proposal.voters.push(from);
    if (this.isQuorum(proposal)) this.tell(proposal, host);
  }

  private tell(proposal: Proposal, host: CasHost): void {
    const { kind, next, isInDoubt, request } = proposal;
    // A majority is bound to this ballot: what an earlier attempt has not changed it never will.
    const isTooLong =
      request.type === "cas" && next.version - request.expected > next.recent.length;
    if (kind === "mismatch" && isInDoubt && isTooLong) {
      return this.giveUp(proposal, "too many changes came after an attempt in doubt", host);
    }
    this.end(proposal, { kind, version: next.version, value: next.value }, host);
  }

  private onRefuse(vote: Vote & { promised: Ballot }, host: CasHost): void {
    this.catchUp(vote.promised);
    const proposal = this.current(vote, "prepare") ?? this.current(vote, "accept");
    if (proposal === undefined) return;
    proposal.phase = "wait";
    const pauseMs = this.options.backoffMs * 2 ** proposal.attempts * host.random();
    host.setTimer({ proposal: proposal.id }, pauseMs);
  }

  private ring(id: string, host: CasHost): void {
    const proposal = this.proposals.get(id);
    if (proposal === undefined) return;
    if (proposal.attempts < this.options.attempts) return this.attempt(proposal, host);
    this.giveUp(proposal, "no majority has agreed in time", host);
  }

  private giveUp(proposal: Proposal, reason: string, host: CasHost): void {
    host.note("gaveUp", reason);
    const isDefinite = this.rules.isDefinite(proposal.isInDoubt);
    this.end(proposal, { kind: "unavailable", isDefinite, reason }, host);
  }

  private end(proposal: Proposal, outcome: Outcome, host: CasHost): void {
    this.proposals.delete(proposal.id);
    host.cancelTimer({ proposal: proposal.id });
    const { client, request } = proposal;
    host.send(client, { type: "answer", requestId: request.requestId, ...outcome } as CasAnswer);
  }

  private current(vote: Vote, phase: Proposal["phase"]): Proposal | undefined {
    const proposal = this.proposals.get(vote.proposal);
    if (proposal?.phase !== phase) return undefined;
    return this.rules.isSameBallot(proposal.ballot, vote.ballot) ? proposal : undefined;
  }

  private isQuorum({ voters }: Proposal): boolean {
    return this.rules.isQuorum(voters.length, this.nodes.length);
  }
}

type Outcome = CasAnswer extends infer A
  ? A extends unknown
    ? Omit<A, "type" | "requestId">
    : never
  : never;

function voteOf({ id, request, ballot }: Proposal): Vote {
  return { proposal: id, key: request.key, ballot };
}

function bare({ proposal, key, ballot }: Vote): Vote {
  return { proposal, key, ballot };
}
