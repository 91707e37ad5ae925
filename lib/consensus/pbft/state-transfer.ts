/**
 * The state of a stable checkpoint for a replica that cannot get there by executing: first the
 * digests of its pages, then the pages that differ from the own state, each checked when it comes.
 *
 * Source: Castro and Liskov 1999, section 4.3, and 2002, section 5.3, with a tree of one level.
 */
import { adoptState, becomeStable, pagesDigest, snapshotFrom } from "./checkpoints";
import { textDigest } from "../signatures";
import type { FetchState, StatePage, StatePages } from "./messages";
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
    pbft.transfer = { target: missing, pages: null, texts: new Map(), turn: 0 };
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
  const { target, pages, texts } = transfer;
  const { sequence, digest } = target;
  const wanted: (number | null)[] = [null];
  if (pages !== null) {
    wanted.pop();
    for (let page = 0; page < pages.length && wanted.length < maxPages; page++) {
      if (!texts.has(page)) wanted.push(page);
    }
  }
  for (const page of wanted) {
    const said = { type: "fetchState", sequence, digest, page, replica: pbft.id } as const;
    host.send(sender(pbft, transfer), prove<FetchState>(pbft, said));
  }
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
  takeOwnPages(pbft, transfer);
  finishOrAsk(pbft, transfer, host);
}

/** Pages that the own last snapshot has too need not travel. */
function takeOwnPages(pbft: PbftState, { pages, texts }: StateTransfer): void {
  const own = [...pbft.snapshots.values()].pop();
  if (own === undefined) return;
  const known = new Map(own.pageDigests.map((digest, i) => [digest, own.pages[i]]));
  (pages ?? []).forEach((digest, page) => {
    const text = known.get(digest);
    if (text !== undefined) texts.set(page, text);
  });
}

export function onStatePage(pbft: PbftState, message: StatePage, host: PbftHost): void {
  const { transfer } = pbft;
  const digest = transfer?.pages?.[message.page];
  const isWanted = transfer?.target.sequence === message.sequence && digest !== undefined;
  if (transfer === null || !isWanted || transfer.texts.has(message.page)) {
    return drop(pbft, { reason: "unneeded", message }, host);
  }
  if (!pbft.rules.isDigestOf(digest, textDigest(message.text))) {
    return drop(pbft, { reason: "digest", message }, host);
  }
  transfer.texts.set(message.page, message.text);
  if (transfer.texts.size % maxPages === 0 || isWhole(transfer)) finishOrAsk(pbft, transfer, host);
}

function isWhole({ pages, texts }: StateTransfer): boolean {
  return pages !== null && texts.size === pages.length;
}

function finishOrAsk(pbft: PbftState, transfer: StateTransfer, host: PbftHost): void {
  if (!isWhole(transfer)) return ask(pbft, transfer, host);
  const pages = (transfer.pages ?? []).map((_, page) => transfer.texts.get(page) as string);
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
