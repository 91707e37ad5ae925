/**
 * A replica that fell behind is sent what it has asked for: blocks, each certified by the next one,
 * or a snapshot, of which it believes f + 1 equal ones.
 *
 * Source: as `fetching.ts`.
 */
import type { NodeId } from "../../protocol";
import { digestOf } from "../signatures";
import { isCommand, nameOf } from "./block";
import { learn } from "./decide";
import { ask, askNext, fetchMissing } from "./fetching";
import { addBlock, adoptSnapshot } from "./history";
import type { Block, Blocks, Certificate, Decide, Snapshot } from "./messages";
import { faultsOf } from "../pbft/rules";
import { keyringOf, lastDecided } from "./state";
import type { HotStuffHost, HotStuffState, Missing } from "./state";
import { acceptProposal } from "./voting";

export function onDecide(state: HotStuffState, { certificate }: Decide, host: HotStuffHost): void {
  if (certificate.view < state.highQC.view) return;
  if (!state.rules.isCertified(certificate, keyringOf(state))) {
    return host.note("refused", { flaw: "no right certificate", view: certificate.view });
  }
  if (state.blocks.has(certificate.block)) learn(state, certificate, host);
  else fetchMissing(state, { certificate, orphan: null }, host);
}

export function onBlocks(state: HotStuffState, { blocks }: Blocks, host: HotStuffHost): void {
  const { missing } = state;
  if (missing === null) return;
  for (let at = 0; at < blocks.length; at++) {
    const next = blocks[at + 1]?.justify ?? missing.certificate;
    if (!takeBlock(state, blocks[at] as Block, next, host)) break;
    missing.aboveHeight = (blocks[at] as Block).height;
  }
  if (state.blocks.has(missing.certificate.block)) return found(state, missing, host);
  const last = blocks[blocks.length - 1];
  if (last !== undefined && missing.aboveHeight === last.height - 1) ask(state, missing, host);
}

/** A block that a certificate names: at least f + 1 correct replicas have checked it. */
function takeBlock(
  state: HotStuffState,
  block: Block,
  certificate: Certificate,
  host: HotStuffHost,
): boolean {
  const parent = state.blocks.get(block.justify.block);
  const isRight =
    certificate.block === nameOf(block) &&
    parent?.height === block.height - 1 &&
    block.commands.every((command) => isCommand(command, state.options.keySeed)) &&
    state.rules.isCertified(certificate, keyringOf(state));
  if (!isRight) return false;
  addBlock(state, block, host);
  learn(state, block.justify, host);
  return state.blocks.has(certificate.block);
}

function found(state: HotStuffState, missing: Missing, host: HotStuffHost): void {
  state.missing = null;
  host.cancelTimer("fetch");
  host.note("fetched", { view: missing.certificate.view });
  learn(state, missing.certificate, host);
  if (missing.orphan !== null) acceptProposal(state, missing.orphan, host);
}

export function onSnapshot(
  state: HotStuffState,
  from: NodeId,
  snapshot: Snapshot,
  host: HotStuffHost,
): void {
  const { missing, replicas } = state;
  const isNews = snapshot.block.height > lastDecided(state).height;
  if (missing === null || !replicas.includes(from) || !isNews) return;
  missing.snapshots.set(from, snapshot);
  const name = digestOf(snapshot);
  const equal = [...missing.snapshots.values()].filter((other) => digestOf(other) === name);
  if (equal.length <= faultsOf(replicas.length)) return askNext(state, host);
  adoptSnapshot(state, snapshot, host);
  host.note("caughtUp", { height: snapshot.block.height });
  askNext(state, host);
}
