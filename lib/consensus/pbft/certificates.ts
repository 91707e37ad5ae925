/**
 * What a view change must prove, each part on its own.
 *
 * Source: Castro and Liskov 1999, section 4.4; with codes in place of signatures a certificate
 * convinces nobody else, so there it is a claim, which counts as far as others agree: Castro and
 * Liskov, "Practical Byzantine Fault Tolerance and Proactive Recovery", 2002, section 3.2.4. There
 * view changes and checkpoints carry codes too, so that 2f - 1 acknowledgements vouch for each view
 * change, and f + 1 for a checkpoint; ours are signed, and prove both at once.
 */
import type { NodeId } from "../../protocol";
import type {
  Checkpoint,
  PreparedClaim,
  PreparedProof,
  PrePreparedClaim,
  ViewChange,
} from "./messages";
import { primaryOf } from "./state";
import type { PbftState } from "./state";
import { isSaid } from "./verification";

/** Where and what a certificate is for. */
export function claimOf(certificate: PreparedProof | PreparedClaim): PrePreparedClaim {
  return certificate.kind === "proof" ? certificate.prePrepare : certificate;
}

/** True when the parts of a view change prove what it says; its own proof is checked before. */
export function isWellFounded(pbft: PbftState, message: ViewChange): boolean {
  if (!pbft.rules.checksCertificates) return true;
  const { stableSequence, checkpointProof, prepared, prePrepared } = message;
  const claims = prepared.map(claimOf);
  return (
    isStableProof(pbft, stableSequence, checkpointProof) &&
    isRising(claims) &&
    [...claims, ...prePrepared].every((claim) => isPlausible(pbft, claim, message)) &&
    prepared.every((certificate) => isCertified(pbft, certificate)) &&
    (prePrepared.length === 0 || !pbft.authentication.isTransferable)
  );
}

/** C: a quorum says the same of this sequence number; the beginning needs no proof. */
function isStableProof(pbft: PbftState, sequence: number, proof: readonly Checkpoint[]): boolean {
  if (sequence === 0) return proof.length === 0;
  if (!areDistinct(pbft, proof)) return false;
  if (proof.length < pbft.rules.checkpointsNeeded(pbft.size)) return false;
  const { digest } = proof[0];
  return proof.every((checkpoint) => {
    const isSame = checkpoint.sequence === sequence && checkpoint.digest === digest;
    return isSame && isSaid(pbft, checkpoint);
  });
}

/** One certificate for a sequence number, lower numbers first. */
function isRising(claims: readonly PrePreparedClaim[]): boolean {
  return claims.every(({ sequence }, i) => i === 0 || sequence > claims[i - 1].sequence);
}

/** Of an earlier view, and in the window above the sender's stable checkpoint. */
function isPlausible(
  pbft: PbftState,
  { sequence, view }: PrePreparedClaim,
  { stableSequence, view: asked }: ViewChange,
): boolean {
  const { rules, options } = pbft;
  if (sequence <= stableSequence || view >= asked) return false;
  return rules.isInWindow(sequence, stableSequence, options.watermarkWindow);
}

function isCertified(pbft: PbftState, certificate: PreparedProof | PreparedClaim): boolean {
  const { isTransferable } = pbft.authentication;
  if (certificate.kind === "claim") return !isTransferable;
  const { prePrepare, prepares } = certificate;
  const { view, sequence, digest, replica, requests } = prePrepare;
  const primary = primaryOf(pbft, view);
  if (!isTransferable || replica !== primary || requests !== null) return false;
  if (!areDistinct(pbft, prepares) || !isSaid(pbft, prePrepare)) return false;
  if (prepares.length < pbft.rules.preparesNeeded(pbft.size)) return false;
  return prepares.every((prepare) => {
    const isSame = prepare.view === view && prepare.sequence === sequence;
    const isOfBackup = prepare.replica !== primary;
    return isSame && prepare.digest === digest && isOfBackup && isSaid(pbft, prepare);
  });
}

/** Of different replicas, all of this cluster. */
export function areDistinct(
  pbft: PbftState,
  messages: readonly { readonly replica: NodeId }[],
): boolean {
  const senders = new Set(messages.map(({ replica }) => replica));
  return senders.size === messages.length && [...senders].every((id) => pbft.replicas.includes(id));
}
