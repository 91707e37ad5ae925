/**
 * The state of a stable checkpoint for a replica that cannot get there by executing: first the
 * digests of its pages, then the pages that differ from the own state, each checked when it comes.
 *
 * Source: Castro and Liskov 1999, section 4.3, and 2002, section 5.3, with a tree of one level.
 */
import { adoptState, becomeStable, pagesDigest, snapshotFrom } from "./checkpoints";
import { textDigest } from "../signatures";
import type { Digest, FetchState, StatePage, StatePages } from "./messages";
import { drop, prove } from "./state";
import type { PbftHost, PbftState, StableCheckpoint, StateTransfer } from "./state";
import { saveState } from "./storage";
import type { NodeId } from "../../protocol";

/** Pages that are asked for at a time. */
const maxPages = 16;

/** Begins to fetch what is missing, or goes on with another sender. */
export function transferState(pbft: PbftState, host: PbftHost): void {
  const { missing } = pbft;
  if (missing === null) return;
  if (pbft.transfer?.target.sequence !== missing.sequence) {
    const texts = pbft.transfer?.texts ?? new Map<Digest, string>();
    pbft.transfer = { target: missing, pages: null, texts, asked: new Set(), turn: 0 };
    host.note("stateTransfer", { sequence: missing.sequence });
  } else pbft.transfer.turn++;
  ask(pbft, pbft.transfer, host);
}

/** Those who have said that they have this state, in turn. */
function sender(pbft: PbftState, { target, turn }: StateTransfer): NodeId {
  const senders = target.proof.map(({ replica }) => replica).filter((id) => id !== pbft.id);
  return senders[turn % senders.length];
}

function ask(pbft: PbftState, transfer: StateTransfer, host: PbftHost): void {
  const { pages } = transfer;
  if (pages === null) return askFor(pbft, { transfer, page: null }, host);
  const places = missingPlaces(transfer).slice(0, maxPages);
  transfer.asked = new Set(places.map((place) => pages[place]));
  for (const page of places) askFor(pbft, { transfer, page }, host);
}

/** For the page at this place, or for the list when it is null. */
function askFor(
  pbft: PbftState,
  { transfer, page }: { transfer: StateTransfer; page: number | null },
  host: PbftHost,
): void {
  const { sequence, digest } = transfer.target;
  const said = { type: "fetchState", sequence, digest, page, replica: pbft.id } as const;
  host.send(sender(pbft, transfer), prove<FetchState>(pbft, said));
}

/** Of each page that has not come the first place. */
function missingPlaces({ pages, texts }: StateTransfer): number[] {
  const missing = new Map<Digest, number>();
  (pages ?? []).forEach((page, place) => {
    if (!texts.has(page) && !missing.has(page)) missing.set(page, place);
  });
  return [...missing.values()];
}

export function onFetchState(pbft: PbftState, message: FetchState, host: PbftHost): void {
  const { sequence, digest, page, replica } = message;
  const snapshot = pbft.snapshots.get(sequence);
  if (snapshot === undefined || snapshot.digest !== digest) return;
  if (page === null) {
    return host.send(replica, { type: "statePages", sequence, pages: snapshot.pageDigests });
  }
  const text = snapshot.pages[page];
  if (text !== undefined) host.send(replica, { type: "statePage", sequence, page, text });
}

/** The list; a list of another state has another digest, whoever sent it. */
export function onStatePages(pbft: PbftState, message: StatePages, host: PbftHost): void {
  const { transfer } = pbft;
  const isWanted = transfer !== null && transfer.pages === null;
  if (!isWanted || message.sequence !== transfer.target.sequence) {
    return drop(pbft, { reason: "unneeded", message }, host);
  }
  if (!pbft.rules.isDigestOf(transfer.target.digest, pagesDigest(message.pages))) {
    return drop(pbft, { reason: "digest", message }, host);
  }
  transfer.pages = message.pages;
  keepKnownPages(pbft, transfer);
  finishOrAsk(pbft, transfer, host);
}

/** Of pages that have come, maybe for an earlier state, and of the own ones: those on the list. */
function keepKnownPages(pbft: PbftState, transfer: StateTransfer): void {
  const own = [...pbft.snapshots.values()].pop();
  const ownPages = (own?.pageDigests ?? []).map((digest, i) => [digest, own?.pages[i]] as const);
  const known = new Map([...transfer.texts, ...ownPages]);
  transfer.texts = new Map();
  for (const digest of transfer.pages ?? []) {
    const text = known.get(digest);
    if (text !== undefined) transfer.texts.set(digest, text);
  }
}

export function onStatePage(pbft: PbftState, message: StatePage, host: PbftHost): void {
  const { transfer } = pbft;
  const digest = transfer?.pages?.[message.page];
  const isWanted = transfer?.target.sequence === message.sequence && digest !== undefined;
  if (transfer === null || !isWanted || transfer.texts.has(digest)) {
    return drop(pbft, { reason: "unneeded", message }, host);
  }
  if (!pbft.rules.isDigestOf(digest, textDigest(message.text))) {
    return drop(pbft, { reason: "digest", message }, host);
  }
  transfer.texts.set(digest, message.text);
  transfer.asked.delete(digest);
  if (transfer.asked.size === 0) finishOrAsk(pbft, transfer, host);
}

function finishOrAsk(pbft: PbftState, transfer: StateTransfer, host: PbftHost): void {
  if (missingPlaces(transfer).length > 0) return ask(pbft, transfer, host);
  const pages = (transfer.pages ?? []).map((digest) => transfer.texts.get(digest) as string);
  adopt(pbft, { target: transfer.target, pages }, host);
}

function adopt(
  pbft: PbftState,
  { target, pages }: { target: StableCheckpoint; pages: readonly string[] },
  host: PbftHost,
): void {
  const { sequence } = target;
  const snapshot = { ...snapshotFrom(pages), digest: target.digest };
  adoptState(pbft, { sequence, pages });
  pbft.snapshots.set(sequence, snapshot);
  saveState(sequence, snapshot, host);
  becomeStable(pbft, target, host);
  pbft.rejoining = Math.max(1, pbft.rejoining); // the others have gone on meanwhile
  host.note("stateTransferred", { sequence });
}
