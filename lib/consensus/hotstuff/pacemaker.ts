/**
 * The pacemaker: when a view brings nothing for too long, a replica asks for the next leader's
 * first view, and tells the highest certificate that it knows. A view begins when n - f ask for it.
 *
 * Source: Yin et al. 2019, sections 4.4 and 5 (onNextSyncView, onNewView), leaves it open how
 * replicas meet in one view; ours is the synchronizer of M. Bravo, G. Chockler and A. Gotsman,
 * "Making Byzantine consensus live", DISC 2020: who hears f + 1 ask for a later view asks too,
 * nobody is ahead of what n - f ask for, and the timeout doubles with each view that fails. Theirs
 * tells all replicas always; ours tells the next leader alone after the first view that fails, and
 * that leader's proposal proves to all, with n - f signatures, that its view may begin. We time
 * only while a command waits or a block is open.
 * Assumes: after some unknown moment messages arrive within some unknown time.
 * Guarantees: then n - f correct replicas are in one view with a correct leader for long enough.
 * Cost: n - 1 messages, each with one certificate, for the first change of leader since something
 * was decided; up to n(n - 1) for each further one.
 */
import { faultsOf } from "../pbft/rules";
import { isSignedBy, signAs } from "../signatures";
import type { NodeId } from "../../protocol";
import { newViewText } from "./block";
import { learn } from "./decide";
import { fetchMissing } from "./fetching";
import type { NewView } from "./messages";
import { acceptCommand } from "./requests";
import { keyringOf, leaderOf, nextOffice, openBranch } from "./state";
import type { Ask, HotStuffHost, HotStuffState } from "./state";

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

/** The view has failed; or one that was asked for has not begun, and is asked for again. */
export function onViewTimeout(state: HotStuffState, host: HotStuffHost): void {
  const { view, replicas, rules } = state;
  state.timedView = null;
  const asked = askedBy(state);
  const isRepeated = asked > view;
  if (!isRepeated) state.failures++;
  const next = isRepeated ? asked : nextOffice(state, view);
  host.note("timedOut", { view: next });
  const isForAll = rules.isForAll({ failures: state.failures, isRepeated });
  ask(state, next, isForAll ? replicas : [leaderOf(state, next)], host);
}

function askedBy({ id, asks }: HotStuffState): number {
  return asks.get(id)?.view ?? 0;
}

function ask(
  state: HotStuffState,
  view: number,
  audience: readonly NodeId[],
  host: HotStuffHost,
): void {
  const { id, options, highQC } = state;
  const signature = signAs(id, newViewText(view), options.keySeed);
  const commands = [...state.pending.values()].slice(0, options.maxBatch);
  const message: NewView = { type: "newView", view, highQC, signature, commands };
  for (const replica of audience) if (replica !== id) host.send(replica, message);
  keepAsk(state, id, message, host);
}

export function onNewView(
  state: HotStuffState,
  from: NodeId,
  message: NewView,
  host: HotStuffHost,
): void {
  const { rules, options, replicas } = state;
  const { view, highQC, signature, commands } = message;
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
  } else if (highQC.view < state.highQC.view) {
    host.send(from, { type: "decide", certificate: state.highQC });
  }
  keepAsk(state, from, { view, signature }, host);
}

/** One a replica, so that whoever asks for view after view fills nobody's memory. */
function keepAsk(
  state: HotStuffState,
  from: NodeId,
  { view, signature }: Ask,
  host: HotStuffHost,
): void {
  const { asks, replicas, rules } = state;
  if (view <= (asks.get(from)?.view ?? 0)) return;
  asks.set(from, { view, signature });
  const joined = askedForBy(state, faultsOf(replicas.length) + 1); // one of them is correct
  if (joined > Math.max(state.view, askedBy(state))) {
    host.note("joined", { view: joined });
    return ask(state, joined, replicas, host);
  }
  const begun = askedForBy(state, rules.quorum(replicas.length));
  if (begun <= state.view) return;
  state.view = begun;
  // What its leader knows may be news to those who have timed out.
  state.spreadView = -1;
}

/** The highest view that so many replicas have asked for, or a later one; 0: fewer have asked. */
function askedForBy({ asks }: HotStuffState, replicas: number): number {
  const views = [...asks.values()].map(({ view }) => view).sort((a, b) => b - a);
  return views[replicas - 1] ?? 0;
}
