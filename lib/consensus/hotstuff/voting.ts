/**
 * A replica hears a proposal: it checks it whole, learns from its certificate, and votes if the
 * rules allow.
 *
 * Source: Yin et al. 2019, section 5 and algorithm 4 (onReceiveProposal, onReceiveVote). Ours votes
 * in views behind its own too: safety asks only that no vote is for an earlier view than the last.
 * Cost: n - 1 proposals and n - 1 votes a block; n - f signatures to verify at each replica.
 */
import { signAs, isSignedBy } from "../signatures";
import { isCommand, nameOf, proposalText, voteText } from "./block";
import { learn } from "./decide";
import { fetchMissing } from "./fetching";
import { addBlock } from "./history";
import type { Block, Proposal, Vote } from "./messages";
import { keyringOf, lastDecided, leaderOf } from "./state";
import type { HotStuffHost, HotStuffState } from "./state";

export function onProposal(state: HotStuffState, proposal: Proposal, host: HotStuffHost): void {
  const flaw = flawOf(state, proposal);
  if (flaw !== undefined) return host.note("refused", { flaw, view: proposal.block.view });
  keepEvidence(state, proposal, host);
  const { justify } = proposal.block;
  if (!state.blocks.has(justify.block)) {
    return fetchMissing(state, { certificate: justify, orphan: proposal }, host);
  }
  acceptProposal(state, proposal, host);
}

/** What is wrong with it, whoever has sent it. */
function flawOf(state: HotStuffState, { block, signature, timeouts }: Proposal): Flaw {
  const { rules, options } = state;
  const { keySeed, maxBatch } = options;
  const keyring = keyringOf(state);
  const text = proposalText(block.view, nameOf(block));
  const signer = leaderOf(state, block.view);
  if (!isSignedBy({ signer, text, signature }, keySeed)) return "not signed by its leader";
  if (block.justify.view >= block.view) return "of a view before its certificate's";
  if (!rules.isCertified(block.justify, keyring)) return "no right certificate";
  const isNext = block.justify.view === block.view - 1;
  if (!isNext && !rules.isEntered(block.view, timeouts ?? {}, keyring)) return "no right to begin";
  if (block.commands.length > maxBatch) return "too many commands";
  if (!block.commands.every((command) => isCommand(command, keySeed))) return "a forged command";
  return undefined;
}

type Flaw = string | undefined;

/** Two blocks of one leader for one view: whoever sees both can prove that it lies. */
function keepEvidence(state: HotStuffState, proposal: Proposal, host: HotStuffHost): void {
  const { view } = proposal.block;
  const claim = { block: nameOf(proposal.block), signature: proposal.signature };
  const first = state.proposed.get(view);
  if (first === undefined) state.proposed.set(view, claim);
  if (first === undefined || first.block === claim.block) return;
  const replica = leaderOf(state, view);
  const isKnown = state.evidence.some((known) => known.replica === replica && known.view === view);
  if (isKnown || state.evidence.length >= maxEvidence) return;
  state.evidence.push({ replica, view, claims: [first, claim] });
  host.note("equivocation", { replica, view });
}

const maxEvidence = 1_000;

/** Its parent is here. */
export function acceptProposal(state: HotStuffState, proposal: Proposal, host: HotStuffHost): void {
  const { block } = proposal;
  learn(state, block.justify, host);
  const parent = state.blocks.get(block.justify.block);
  const isGrown = parent !== undefined && block.height === parent.height + 1;
  if (!isGrown || block.height <= lastDecided(state).height) {
    return host.note("refused", { flaw: "not on an open branch", view: block.view });
  }
  state.view = Math.max(state.view, block.view);
  vote(state, block, host);
}

/** Its parent is here. A leader proposes nothing that it may not vote for itself. */
export function mayVote(state: HotStuffState, block: Block): boolean {
  const { lastVotedView, lockedQC, rules } = state;
  const extendsLocked = isUnder(state, block, lockedQC.block);
  const facts = { block, lastVotedView, lockedView: lockedQC.view, extendsLocked };
  return rules.isNewer(facts) && rules.isSafe(facts);
}

function vote(state: HotStuffState, block: Block, host: HotStuffHost): void {
  const { options } = state;
  if (!mayVote(state, block)) return host.note("noVote", block.view);
  addBlock(state, block, host);
  state.lastVotedView = block.view;
  host.save("voted", block.view);
  const name = nameOf(block);
  const signature = signAs(state.id, voteText(block.view, name), options.keySeed);
  const message: Vote = { type: "vote", view: block.view, block: name, signature };
  const next = leaderOf(state, block.view + 1);
  if (next === state.id) onVote(state, state.id, message, host);
  else host.send(next, message);
}

/** `name` is among the ancestors of the block; the lock is never older than what was decided. */
function isUnder({ blocks }: HotStuffState, block: Block, name: string): boolean {
  const locked = blocks.get(name);
  let ancestor = block.justify.block;
  for (;;) {
    if (ancestor === name) return true;
    const found = blocks.get(ancestor);
    if (found === undefined || locked === undefined || found.height <= locked.height) return false;
    ancestor = found.justify.block;
  }
}

/** The leader of the next view gathers votes: n - f of them are a certificate. */
export function onVote(state: HotStuffState, from: string, vote: Vote, host: HotStuffHost): void {
  const { view, block, signature } = vote;
  const { rules, options, replicas } = state;
  const isMine = leaderOf(state, view + 1) === state.id && view > state.highQC.view;
  if (!isMine || !replicas.includes(from) || !isNear(state, view)) return;
  const text = voteText(view, block);
  if (!isSignedBy({ signer: from, text, signature }, options.keySeed)) {
    return host.note("refused", { flaw: "a forged vote", view });
  }
  const ofView = state.votes.get(view) ?? new Map<string, Record<string, string>>();
  const signatures = { ...ofView.get(block), [from]: signature };
  state.votes.set(view, ofView.set(block, signatures));
  if (Object.keys(signatures).length < rules.quorum(replicas.length)) return;
  const certificate = { view, block, signatures };
  if (state.blocks.has(block)) learn(state, certificate, host);
  else fetchMissing(state, { certificate, orphan: null }, host);
}

/** A bound of what others can make it remember: votes for views far ahead are not counted. */
function isNear({ highQC, view: own }: HotStuffState, view: number): boolean {
  return view <= Math.max(own, highQC.view) + maxAhead;
}

const maxAhead = 10_000;
