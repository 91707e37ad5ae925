/**
 * What happens to every message before anything else: its form, its sender, whether it could have
 * any effect, its proof. Views, watermarks and digests are checked where they are used.
 *
 * Source: Castro and Liskov 1999, section 4.2. A message that could change nothing is let go
 * before its proof is computed, which is most of the cost.
 */
import { textOf } from "./encoding";
import type {
  Commit,
  PbftMessage,
  PbftRequest,
  PrePrepare,
  Prepare,
  ProvenMessage,
} from "./messages";
import { shapeFlaw } from "./shapes";
import { authenticationFor, primaryOf, servedOf } from "./state";
import type { DropReason, PbftState } from "./state";

/** Why a message is not to be used; undefined: it is what its sender said. Never throws. */
export function flawOf(pbft: PbftState, message: PbftMessage): DropReason | undefined {
  return (
    flawOfForm(message) ??
    flawOfSender(pbft, message) ??
    (isUnneeded(pbft, message) ? "unneeded" : undefined) ??
    (isProven(pbft, message) ? undefined : "proof")
  );
}

function flawOfForm(message: PbftMessage): DropReason | undefined {
  if (shapeFlaw(message) !== undefined) return "shape";
  return message.type === "reply" || message.type === "submit" ? "unneeded" : undefined;
}

function flawOfSender(pbft: PbftState, message: PbftMessage): DropReason | undefined {
  if (message.type === "request")
    return pbft.replicas.includes(message.client) ? "sender" : undefined;
  if (!("replica" in message)) return undefined;
  if (!pbft.replicas.includes(message.replica)) return "sender";
  if (message.replica === pbft.id) return "unneeded";
  return isItsPart(pbft, message) ? undefined : "sender";
}

/** A primary pre-prepares and begins views, backups prepare (section 4.2). */
function isItsPart(pbft: PbftState, message: PbftMessage): boolean {
  switch (message.type) {
    case "prePrepare":
    case "newView":
      return message.replica === primaryOf(pbft, message.view);
    case "prepare":
      return message.replica !== primaryOf(pbft, message.view);
    default:
      return true;
  }
}

/** True when the message changes nothing, were it proven: it is known, or late. */
function isUnneeded(pbft: PbftState, message: PbftMessage): boolean {
  const { stable } = pbft;
  switch (message.type) {
    case "request":
      return message.timestamp < servedOf(pbft, message.client);
    case "prePrepare":
      return isPrePrepareKnown(pbft, message);
    case "prepare":
      return isVoteUnneeded(pbft, message, "prepares");
    case "commit":
      return isVoteUnneeded(pbft, message, "commits");
    case "checkpoint": {
      const known = pbft.checkpoints.get(message.sequence)?.get(message.replica);
      return message.sequence <= stable.sequence || known?.digest === message.digest;
    }
    case "executed":
      return message.sequence <= pbft.lastExecuted;
    case "viewChange":
      return pbft.viewChanges.get(message.replica)?.proof === message.proof;
    case "newView":
      return pbft.newView?.proof === message.proof;
    default:
      return false;
  }
}

/** One that differs from what was accepted is looked at: it may be evidence. */
function isPrePrepareKnown(pbft: PbftState, { view, sequence, digest }: PrePrepare): boolean {
  if (view !== pbft.view) return false;
  return pbft.slots.get(sequence)?.prePrepare?.digest === digest;
}

/** A vote that differs from an accepted digest is looked at: it may be evidence. */
function isVoteUnneeded(
  pbft: PbftState,
  { view, sequence, digest, replica }: Prepare | Commit,
  kind: "prepares" | "commits",
): boolean {
  if (sequence <= pbft.stable.sequence) return true;
  const slot = pbft.slots.get(sequence);
  if (slot === undefined || view !== pbft.view) return false;
  const isDone = kind === "prepares" ? slot.isPrepared : slot.isCommitted;
  if (isDone && slot.prePrepare?.digest === digest) return true;
  return slot[kind].get(replica)?.digest === digest;
}

/** True when its sender has proven it to this replica; bodies prove themselves by a digest. */
function isProven(pbft: PbftState, message: PbftMessage): boolean {
  if (!("proof" in message)) return true;
  if (message.type === "request") return isRequestProven(pbft, message);
  return isSaid(pbft, message);
}

export function isRequestProven(pbft: PbftState, request: PbftRequest): boolean {
  return pbft.authentication.isProven(textOf(request), request.client, request.proof);
}

/** True when the replica that the message names has said it. */
export function isSaid(pbft: PbftState, message: Exclude<ProvenMessage, PbftRequest>): boolean {
  const authentication = authenticationFor(pbft, message.type);
  return authentication.isProven(textOf(message), message.replica, message.proof);
}
