/**
 * A replica that fell behind asks for the blocks under a certificate it cannot place, one replica
 * after the other; each block it is sent is certified by the next one. Where they are no longer
 * kept it is sent a snapshot, and believes f + 1 equal ones: one of those comes from a correct
 * replica.
 *
 * Source: Yin et al. 2019, section 6, leaves it to implementations; this is ours.
 * Cost: a round trip for `maxFetched` blocks.
 */
import type { NodeId } from "../../protocol";
import { digestOf } from "../signatures";
import { isCommand, nameOf } from "./block";
import { learn } from "./decide";
import { addBlock, adoptSnapshot } from "./history";
import type { Block, Blocks, Certificate, Decide, Fetch, Proposal, Snapshot } from "./messages";
import { maxFaulty } from "./rules";
import { keyringOf, lastDecided } from "./state";
import type { HotStuffHost, HotStuffState, Missing } from "./state";
import { acceptProposal } from "./voting";

/** Asks for the newest only: what it lacks besides lies under it, or on a dead branch. */
export function fetchMissing(
  state: HotStuffState,
  { certificate, orphan }: { certificate: Certificate; orphan: Proposal | null },
  host: HotStuffHost,
): void {
  const { missing } = state;
  if (missing !== null && missing.certificate.view > certificate.view) return;
  if (missing?.certificate.view === certificate.view) {
    state.missing = { ...missing, orphan: orphan ?? missing.orphan };
    return;
  }
  const aboveHeight = lastDecided(state).height;
  const turn = state.replicas.indexOf(state.id);
  const snapshots = missing?.snapshots ?? new Map<NodeId, Snapshot>();
  state.missing = { certificate, orphan, aboveHeight, turn, snapshots };
  askNext(state, host);
}

/** The next replica in turn, from the bottom again. */
export function askNext(state: HotStuffState, host: HotStuffHost): void {
  const { missing, replicas, id } = state;
  if (missing === null) return;
  if (missing.certificate.view <= state.highQC.view) {
    state.missing = null;
    return;
  }
  missing.turn = (missing.turn + 1) % replicas.length;
  if (replicas[missing.turn] === id) missing.turn = (missing.turn + 1) % replicas.length;
  missing.aboveHeight = lastDecided(state).height;
  ask(state, missing, host);
}

function ask(state: HotStuffState, missing: Missing, host: HotStuffHost): void {
  const { aboveHeight, certificate, turn } = missing;
  host.note("fetching", { aboveHeight });
  host.setTimer("fetch", state.options.fetchMs);
  const to = state.replicas[turn] as NodeId;
  host.send(to, { type: "fetch", block: certificate.block, aboveHeight });
}

export function onFetch(
  state: HotStuffState,
  from: NodeId,
  { block: name, aboveHeight }: Fetch,
  host: HotStuffHost,
): void {
  const path: Block[] = [];
  let block = state.blocks.get(name);
  if (block === undefined) return;
  while (block !== undefined && block.height > aboveHeight) {
    path.push(block);
    block = state.blocks.get(block.justify.block);
  }
  if (block !== undefined) {
    const blocks = path.reverse().slice(0, state.options.maxFetched);
    host.send(from, { type: "blocks", blocks });
  } else if (state.snapshot !== null) {
    host.send(from, state.snapshot);
  }
}

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
  if (equal.length <= maxFaulty(replicas.length)) return askNext(state, host);
  adoptSnapshot(state, snapshot, host);
  host.note("caughtUp", { height: snapshot.block.height });
  askNext(state, host);
}
