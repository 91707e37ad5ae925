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
import type { Block, Certificate, Fetch, Proposal, Snapshot } from "./messages";
import { lastDecided } from "./state";
import type { HotStuffHost, HotStuffState, Missing } from "./state";

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

export function ask(state: HotStuffState, missing: Missing, host: HotStuffHost): void {
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
