/**
 * Copies of blocks: at the owner and the r - 1 nodes after it. Neighbours compare what they have,
 * and what lies where it does not belong goes to its owner.
 *
 * Source: J. Cates, "Robust and efficient data management for a distributed hash table", MIT 2003,
 * chapter 3: its local and global maintenance; a digest of all keys stands for its Merkle trees.
 */
import { murmur32 } from "../../basics";
import type { NodeId } from "../../protocol";
import { call } from "./calls";
import type { Arc, Block, ChordHost, Copy, Fetch, Holds, Offer, Store } from "./messages";
import type { Want } from "./messages";
import { distance, isIn, placeOf } from "./places";
import { search } from "./searching";
import type { ChordState, Write } from "./state";

/** In one message; the rest goes with the next comparison. */
const maxBlocks = 200;

/** What this node owns; undefined while it does not know who comes before it. */
export function ownArc({ predecessor, options, place }: ChordState): Arc | undefined {
  return predecessor === null ? undefined : { after: placeOf(options, predecessor), upTo: place };
}

export function blocksIn({ blocks, options }: ChordState, arc: Arc): Block[] {
  return [...blocks]
    .filter(([key]) => isIn(placeOf(options, key), arc))
    .map(([key, value]) => ({ key, value }));
}

/** What is there stays as it is: blocks are written once. */
export function keep(state: ChordState, blocks: readonly Block[], host: ChordHost): void {
  for (const { key, value } of blocks) {
    // Others count on this copy from now on.
    state.leavingKeys.delete(key);
    if (state.blocks.has(key)) continue;
    state.blocks.set(key, value);
    host.save(`block/${key}`, { value });
  }
}

/** To the owner: it is stored when the next r - 1 have it too. */
export function onStore(state: ChordState, from: NodeId, message: Store, host: ChordHost): void {
  const { requestId, blocks } = message;
  keep(state, blocks, host);
  const holders = holdersOf(state);
  const write = ++state.requests;
  if (!state.rules.waitsForCopies || holders.length === 0) {
    return host.send(from, { type: "stored", requestId });
  }
  state.writes.set(write, { from, requestId, waitsFor: holders.length });
  const purpose = { kind: "copy", write } as const;
  for (const holder of holders) {
    call(state, holder, { message: { type: "copy", blocks }, purpose }, host);
  }
}

function holdersOf({ id, successors, options }: ChordState): NodeId[] {
  return successors.filter((successor) => successor !== id).slice(0, options.successors - 1);
}

export function onCopied(state: ChordState, number: number, host: ChordHost): void {
  const write = state.writes.get(number);
  if (write === undefined || --write.waitsFor > 0) return;
  state.writes.delete(number);
  host.send(write.from, { type: "stored", requestId: write.requestId });
}

/** A copy could not be made: the block may be there, but nobody may count on it. */
export function onNotCopied(state: ChordState, number: number, host: ChordHost): void {
  const write: Write | undefined = state.writes.get(number);
  state.writes.delete(number);
  if (write !== undefined) host.send(write.from, { type: "isNot", requestId: write.requestId });
}

export function onCopy(state: ChordState, from: NodeId, message: Copy, host: ChordHost): void {
  keep(state, message.blocks, host);
  host.send(from, { type: "copied", requestId: message.requestId });
}

export function onFetch(state: ChordState, from: NodeId, message: Fetch, host: ChordHost): void {
  const { key, requestId } = message;
  const blocks = state.blocks.has(key) ? [{ key, value: state.blocks.get(key) }] : [];
  host.send(from, { type: "fetched", requestId, blocks });
}

export function repair(state: ChordState, host: ChordHost): void {
  const arc = ownArc(state);
  if (arc === undefined) return;
  for (const holder of holdersOf(state)) offerArc(state, holder, arc, host);
  lookForStray(state, arc, host);
}

export function offerArc(state: ChordState, to: NodeId, arc: Arc, host: ChordHost): void {
  host.send(to, { type: "offer", arc, ...digestOf(blocksIn(state, arc)) });
}

function digestOf(blocks: readonly Block[]): { count: number; digest: number } {
  const digest = blocks.reduce((sum, { key }) => sum ^ murmur32(key, 1), 0);
  return { count: blocks.length, digest };
}

export function onOffer(state: ChordState, from: NodeId, offer: Offer, host: ChordHost): void {
  const own = blocksIn(state, offer.arc);
  const { count, digest } = digestOf(own);
  if (count === offer.count && digest === offer.digest) return;
  host.note("differs", { from, count, theirs: offer.count });
  host.send(from, { type: "holds", arc: offer.arc, keys: own.map(({ key }) => key) });
}

/** Both have what either has. */
export function onHolds(state: ChordState, from: NodeId, message: Holds, host: ChordHost): void {
  const theirs = new Set(message.keys);
  const missing = blocksIn(state, message.arc).filter(({ key }) => !theirs.has(key));
  const wanted = message.keys.filter((key) => !state.blocks.has(key));
  if (missing.length > 0) sendCopies(state, from, missing, host);
  if (wanted.length > 0) host.send(from, { type: "want", keys: wanted });
}

export function onWant(state: ChordState, from: NodeId, { keys }: Want, host: ChordHost): void {
  const known = keys.filter((key) => state.blocks.has(key));
  const blocks = known.map((key) => ({ key, value: state.blocks.get(key) }));
  if (blocks.length > 0) sendCopies(state, from, blocks, host);
}

function sendCopies(
  state: ChordState,
  to: NodeId,
  blocks: readonly Block[],
  host: ChordHost,
): void {
  const message = { type: "copy", blocks: blocks.slice(0, maxBlocks) } as const;
  call(state, to, { message, purpose: { kind: "repair" } }, host);
}

/** The next block, round the circle, that another node owns: who is it? */
function lookForStray(state: ChordState, arc: Arc, host: ChordHost): void {
  const { options, repairCursor } = state;
  const away = (key: string): number =>
    distance(options, (repairCursor + 1) % 2 ** options.bits, placeOf(options, key));
  let next: string | undefined;
  for (const key of state.blocks.keys()) {
    if (isIn(placeOf(options, key), arc)) continue;
    if (next === undefined || away(key) < away(next)) next = key;
  }
  if (next === undefined) return;
  search(state, { place: placeOf(options, next), goal: { kind: "rehome" } }, host);
}

/** Blocks of an owner whose copies are not this node's: they go there, and then from here. */
export function rehome(
  state: ChordState,
  { owners, before }: { readonly owners: readonly NodeId[]; readonly before: NodeId },
  host: ChordHost,
): void {
  const { options, id } = state;
  const owner = owners[0] as NodeId;
  state.repairCursor = placeOf(options, owner);
  if (owners.slice(0, options.successors).includes(id)) return;
  const arc = { after: placeOf(options, before), upTo: placeOf(options, owner) };
  const blocks = blocksIn(state, arc).slice(0, maxBlocks);
  const keys = blocks.map(({ key }) => key);
  for (const key of keys) state.leavingKeys.add(key);
  const purpose = { kind: "rehome", keys } as const;
  call(state, owner, { message: { type: "store", blocks }, purpose }, host);
}

/** Unless somebody has asked meanwhile to keep it. */
export function letGo(state: ChordState, keys: readonly string[], host: ChordHost): void {
  const gone = keys.filter((key) => state.leavingKeys.delete(key) && state.blocks.delete(key));
  for (const key of gone) host.save(`block/${key}`, undefined);
  if (gone.length > 0) host.note("rehomed", { blocks: gone.length });
}
