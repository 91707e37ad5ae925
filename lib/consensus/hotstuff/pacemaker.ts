/**
 * The pacemaker: when a view brings nothing for too long, every replica goes on to the next
 * leader's first view and tells that leader the highest certificate it knows.
 *
 * Source: Yin et al. 2019, sections 4.4 and 5 (onNextSyncView, onNewView). The paper leaves timing
 * to the implementation; ours doubles the timeout with each failure, and times only while a command
 * waits or a block is open. A new leader proves with n - f signatures that its view may begin, so
 * that replicas which are behind join it at once.
 * Assumes: after some unknown moment messages arrive within some unknown time.
 * Guarantees: then n - f correct replicas are in one view with a correct leader for long enough.
 * Cost: n - 1 messages a change of leader, each with one certificate.
 */
import { isSignedBy, signAs } from "../signatures";
import type { NodeId } from "../../protocol";
import { newViewText } from "./block";
import { learn } from "./decide";
import { fetchMissing } from "./fetching";
import type { NewView } from "./messages";
import { acceptCommand } from "./requests";
import { keyringOf, leaderOf, nextOffice, openBranch } from "./state";
import type { HotStuffHost, HotStuffState } from "./state";

/** Doubling ends here: some days with the default timeout. */
const maxDoublings = 20;

/** A command waits, or a block with commands is not decided. */
function hasWork(state: HotStuffState): boolean {
  if (state.pending.size > 0) return true;
  return openBranch(state, state.highQC.block).some(({ commands }) => commands.length > 0);
}

/** After every event: the timer runs exactly while there is work. */
export function keepTime(state: HotStuffState, host: HotStuffHost): void {
  const timedView = hasWork(state) ? state.view : null;
  if (timedView === state.timedView) return;
  state.timedView = timedView;
  if (timedView === null) return host.cancelTimer("view");
  const doublings = Math.min(state.failures, maxDoublings);
  host.setTimer("view", state.options.viewTimeoutMs * 2 ** doublings);
}

export function onViewTimeout(state: HotStuffState, host: HotStuffHost): void {
  const { id, options, highQC } = state;
  state.timedView = null;
  state.failures++;
  state.view = nextOffice(state, Math.max(state.view, highQC.view + 1));
  const { view } = state;
  host.note("timedOut", { view });
  const signature = signAs(id, newViewText(view), options.keySeed);
  const commands = [...state.pending.values()].slice(0, options.maxBatch);
  const message: NewView = { type: "newView", view, highQC, signature, commands };
  const leader = leaderOf(state, view);
  if (leader === id) onNewView(state, id, message, host);
  else host.send(leader, message);
}

export function onNewView(
  state: HotStuffState,
  from: NodeId,
  { view, highQC, signature, commands }: NewView,
  host: HotStuffHost,
): void {
  const { id, rules, options, replicas } = state;
  const isRight =
    replicas.includes(from) &&
    isSignedBy({ signer: from, text: newViewText(view), signature }, options.keySeed) &&
    rules.isCertified(highQC, keyringOf(state));
  if (!isRight) return host.note("refused", { flaw: "a wrong new view", view });
  for (const command of commands) acceptCommand(state, command, host);
  if (!state.blocks.has(highQC.block)) {
    fetchMissing(state, { certificate: highQC, orphan: null }, host);
  } else if (highQC.view > state.highQC.view) {
    learn(state, highQC, host);
  } else if (highQC.view < state.highQC.view && from !== id) {
    host.send(from, { type: "decide", certificate: state.highQC });
  }
  if (leaderOf(state, view) !== id || view <= state.lastVotedView) return;
  const signatures = { ...state.timeouts.get(view), [from]: signature };
  state.timeouts.set(view, signatures);
  if (Object.keys(signatures).length < rules.quorum(replicas.length)) return;
  state.view = Math.max(state.view, view);
  // What it knows may be news to those who have timed out.
  state.spreadView = -1;
}
