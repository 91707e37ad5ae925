/**
 * A leader proposes: commands that wait, or an empty block where one with commands is not decided
 * yet, since a block is decided by the three certificates that follow it. With nothing left to
 * propose it spreads the last certificate, so that all decide as soon as it does.
 *
 * Source: Yin et al. 2019, section 5 and algorithm 4 (onPropose), section 6 (batching).
 * Cost: a lone command takes 7(n - 1) messages between replicas; under load 2(n - 1) a block.
 */
import { signAs } from "../signatures";
import { nameOf, proposalText } from "./block";
import type { Block, Command, Proposal, Signatures } from "./messages";
import { leaderOf, openBranch } from "./state";
import type { HotStuffHost, HotStuffState } from "./state";
import { mayVote, onProposal } from "./voting";

/** After every event: what a leader that may begin the view has to do. */
export function lead(state: HotStuffState, host: HotStuffHost): void {
  // With one replica alone every proposal is certified at once; three blocks end it.
  while (leaderOf(state, state.view) === state.id && propose(state, host));
}

/** False when there was nothing to propose, or no right to. */
function propose(state: HotStuffState, host: HotStuffHost): boolean {
  const { view, highQC, lastVotedView } = state;
  const parent = state.blocks.get(highQC.block);
  if (view <= lastVotedView || parent === undefined) return false;
  const timeouts = highQC.view === view - 1 ? undefined : quorumFor(state, view);
  if (highQC.view !== view - 1 && timeouts === undefined) return false;
  const branch = openBranch(state, highQC.block);
  const commands = newCommands(state, branch);
  const isOpen = branch.some((block) => block.commands.length > 0);
  if (commands.length === 0 && !isOpen) {
    spread(state, host);
    return false;
  }
  const block = { height: parent.height + 1, view, commands, justify: highQC };
  // After a crash it may have a lock without the certificate above it.
  if (!mayVote(state, block)) return false;
  send(state, block, timeouts, host);
  return true;
}

function quorumFor({ asks, rules, replicas }: HotStuffState, view: number): Timeouts {
  const right = [...asks].filter(([, ask]) => ask.view === view);
  if (right.length < rules.quorum(replicas.length)) return undefined;
  return Object.fromEntries(right.map(([replica, { signature }]) => [replica, signature]));
}

type Timeouts = Signatures | undefined;

/** Those that wait and are not in an open block, as many as a block may hold. */
function newCommands({ pending, options }: HotStuffState, branch: readonly Block[]): Command[] {
  const under = new Map<string, number>();
  for (const { client, requestId } of branch.flatMap(({ commands }) => commands)) {
    under.set(client, Math.max(requestId, under.get(client) ?? 0));
  }
  const commands: Command[] = [];
  for (const command of pending.values()) {
    if (commands.length >= options.maxBatch) break;
    if (command.requestId > (under.get(command.client) ?? 0)) commands.push(command);
  }
  return commands;
}

function send(state: HotStuffState, block: Block, timeouts: Timeouts, host: HotStuffHost): void {
  const { id, replicas, options } = state;
  const signature = signAs(id, proposalText(block.view, nameOf(block)), options.keySeed);
  const proposal: Proposal = {
    ...{ type: "proposal", block, signature },
    ...(timeouts !== undefined && { timeouts }),
  };
  host.note("proposed", { view: block.view, commands: block.commands.length });
  state.spreadView = block.justify.view;
  for (const replica of replicas) if (replica !== id) host.send(replica, proposal);
  onProposal(state, proposal, host);
}

function spread(state: HotStuffState, host: HotStuffHost): void {
  const { id, replicas, highQC } = state;
  if (state.spreadView >= highQC.view) return;
  state.spreadView = highQC.view;
  for (const replica of replicas) {
    if (replica !== id) host.send(replica, { type: "decide", certificate: highQC });
  }
}
