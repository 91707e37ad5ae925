/**
 * Which change of the ring comes next: a majority of those who are on it agrees, whoever asks where
 * and when. So operators may ask for two changes at once: one is begun, the other one waits until
 * that is settled, and rings never part.
 *
 * Source: L. Lamport, "Paxos made simple", 2001, one instance for each settled ring. Dynamo leaves
 * it to its operators; Cassandra's ring changes went the same way, from gossip to an agreed log
 * (CEP-21, transactional cluster metadata).
 * Assumes: a majority of the ring can talk, else the ring stays as it is and keys are served.
 * Guarantees: of each settled ring at most one change begins.
 * Cost: two round trips to the ring for a change; a record saved at each node.
 */
import type { NodeId } from "../../protocol";
import { isLater } from "../cas-register/messages";
import { adoptRing } from "./membership";
import type { DynamoRequest, RingTalk } from "./messages";
import { beginChange, isSettled } from "./ring";
import type { Ring } from "./ring";
import { answer } from "./state";
import type { DynamoHost, DynamoState, RingProposal, RingWish } from "./state";

const wishesAtMost = 16;
const triesAtMost = 30;

/** An operator's wish: it waits here for its turn. */
export function onChangeRing(
  node: DynamoState,
  client: NodeId,
  { requestId, change }: Extract<DynamoRequest, { type: "changeRing" }>,
  host: DynamoHost,
): void {
  const wish = { client, requestId, change };
  if (node.wishes.some((each) => each.client === client && each.requestId === requestId)) return;
  if (node.wishes.length >= wishesAtMost) return refuse(wish, "too many changes wait", host);
  node.wishes.push(wish);
}

function refuse({ client, requestId }: RingWish, reason: string, host: DynamoHost): void {
  answer(host, client, { requestId, kind: "unavailable", isDefinite: true, reason });
}

/** After every event: the next wish is proposed when the ring is settled and none is proposed. */
export function followWishes(node: DynamoState, host: DynamoHost): void {
  if (node.proposal !== null && node.proposal.epoch < node.epoch) endProposal(node, host);
  while (node.proposal === null && node.wishes.length > 0 && isSettled(node.ring)) {
    const ring = wanted(node, node.wishes[0]);
    if (typeof ring !== "string") propose(node, { ring, tries: 0 }, host);
    else refuse(node.wishes.shift() as RingWish, ring, host);
  }
}

function wanted(node: DynamoState, { change }: RingWish): Ring | string {
  const isTooSmall = votersOf(node.ring).length <= node.options.replicas;
  const ring = beginChange(node.ring, change);
  if (typeof ring === "string" || change.kind !== "leave" || !isTooSmall) return ring;
  return `${change.node} cannot leave: each key has ${node.options.replicas} copies`;
}

function votersOf({ members }: Ring): NodeId[] {
  return Object.keys(members).filter((id) => members[id].status === "up");
}

function propose(
  node: DynamoState,
  { ring, tries }: { ring: Ring; tries: number },
  host: DynamoHost,
): void {
  const { epoch, life } = node;
  const ballot = { count: ++node.ballots, proposer: `${node.id}/${life}` };
  const voters = votersOf(node.ring);
  node.proposal = { epoch, ballot, phase: "prepare", voters, votes: [], latest: null, ring, tries };
  host.setTimer("agree", 2 * node.options.replyMs * (1 + host.random()));
  for (const id of voters) tell(node, id, { type: "ringPrepare", epoch, ballot }, host);
}

function endProposal(node: DynamoState, host: DynamoHost): void {
  node.proposal = null;
  host.cancelTimer("agree");
}

/** What a node says to itself is heard at once. */
function tell(node: DynamoState, to: NodeId, message: RingTalk, host: DynamoHost): void {
  if (to === node.id) onRingTalk(node, to, message, host);
  else host.send(to, message);
}

export function onRingTalk(
  node: DynamoState,
  from: NodeId,
  message: RingTalk,
  host: DynamoHost,
): void {
  switch (message.type) {
    case "ringPrepare":
    case "ringAccept":
      return vote(node, from, message, host);
    case "ringPromise":
    case "ringAccepted":
      return onVote(node, from, message, host);
    case "ringRefuse":
      node.ballots = Math.max(node.ballots, message.count);
  }
}

/** Of an earlier ring nothing is voted on any more: that vote is over, and may be forgotten. */
function vote(
  node: DynamoState,
  from: NodeId,
  message: Extract<RingTalk, { type: "ringPrepare" | "ringAccept" }>,
  host: DynamoHost,
): void {
  const { epoch, ballot } = message;
  node.ballots = Math.max(node.ballots, ballot.count);
  if (node.epoch > epoch) {
    if (from !== node.id) host.send(from, { type: "gossip", ring: node.ring, isAnswer: true });
    return;
  }
  const before = node.vote !== null && node.vote.epoch >= epoch ? node.vote : null;
  if (before !== null && (before.epoch > epoch || isLater(before.promised, ballot))) {
    const { count } = before.promised;
    return tell(node, from, { type: "ringRefuse", epoch, ballot, count }, host);
  }
  const accepted =
    message.type === "ringAccept" ? { ballot, ring: message.ring } : (before?.accepted ?? null);
  node.vote = { epoch, promised: ballot, accepted };
  host.save("vote", node.vote);
  const isPromise = message.type === "ringPrepare";
  if (isPromise) tell(node, from, { type: "ringPromise", epoch, ballot, accepted }, host);
  else tell(node, from, { type: "ringAccepted", epoch, ballot }, host);
}

function onVote(
  node: DynamoState,
  from: NodeId,
  message: Extract<RingTalk, { type: "ringPromise" | "ringAccepted" }>,
  host: DynamoHost,
): void {
  const { proposal } = node;
  if (proposal === null || !isOf(proposal, message)) return;
  if (proposal.votes.includes(from)) return;
  proposal.votes.push(from);
  if (message.type === "ringPromise") {
    const { accepted } = message;
    const { latest } = proposal;
    const isNewer = accepted !== null && (!latest || isLater(accepted.ballot, latest.ballot));
    if (isNewer) proposal.latest = accepted;
  }
  if (!node.rules.isAgreed(proposal.votes.length, proposal.voters.length)) return;
  if (proposal.phase === "accept") return onChosen(node, proposal, host);
  proposal.phase = "accept";
  proposal.votes = [];
  const { epoch, ballot, voters } = proposal;
  const ring = proposal.latest?.ring ?? proposal.ring;
  for (const id of voters) tell(node, id, { type: "ringAccept", epoch, ballot, ring }, host);
}

function isOf({ epoch, ballot, phase }: RingProposal, message: RingTalk): boolean {
  const type = phase === "prepare" ? "ringPromise" : "ringAccepted";
  const { count, proposer } = message.ballot;
  const isSame = ballot.count === count && ballot.proposer === proposer;
  return message.type === type && message.epoch === epoch && isSame;
}

function onChosen(node: DynamoState, { latest, ring }: RingProposal, host: DynamoHost): void {
  endProposal(node, host);
  if (latest !== null) {
    // What was found may have been this node's own wish, of an earlier attempt: then the wish
    // is refused when its turn comes, as it has been done.
    host.note("yielded", { epoch: node.epoch });
    return adoptRing(node, latest.ring, host);
  }
  const { client, requestId } = node.wishes.shift() as RingWish;
  adoptRing(node, ring, host);
  answer(host, client, { requestId, kind: "ok", values: [], context: {} });
}

/** No majority in time, or another one's ballot is later: once more, after a pause of chance. */
export function onAgreeTimer(node: DynamoState, host: DynamoHost): void {
  const { proposal } = node;
  if (proposal === null) return;
  endProposal(node, host);
  if (proposal.tries < triesAtMost) {
    return propose(node, { ring: proposal.ring, tries: proposal.tries + 1 }, host);
  }
  const { client, requestId } = node.wishes.shift() as RingWish;
  const reason = "no majority of the ring has agreed in time";
  answer(host, client, { requestId, kind: "unavailable", isDefinite: false, reason });
}
