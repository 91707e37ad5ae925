/**
 * What a new view begins with: a pure function of the view changes, so that the new primary and
 * every backup come to the same.
 *
 * Source: Castro and Liskov 1999, section 4.4 (proofs); Castro and Liskov 2002, figure 4 (claims).
 */
import { claimOf } from "./certificates";
import { nullDigest } from "./encoding";
import type { Checkpoint, Digest, PrePreparedClaim, ViewChange } from "./messages";
import type { ClusterSize, PbftRules } from "./rules";

export interface NewViewPlan {
  /** min-s: the highest stable checkpoint, with its proof. */
  readonly low: number;
  readonly proof: readonly Checkpoint[];
  /** From min-s, excluded, to max-s: what each sequence number is to be. */
  readonly digests: readonly { readonly sequence: number; readonly digest: Digest }[];
}

/** How the view changes are read. */
export interface Reading {
  readonly rules: PbftRules;
  readonly size: ClusterSize;
  /** True: certificates are proofs; false: claims. */
  readonly isTransferable: boolean;
}

/** Undefined: these view changes do not settle it, and the primary waits for more. */
export function planOf(
  viewChanges: readonly ViewChange[],
  reading: Reading,
): NewViewPlan | undefined {
  const { rules, isTransferable } = reading;
  const highest = viewChanges.reduce((best, other) => {
    return other.stableSequence > best.stableSequence ? other : best;
  });
  const { stableSequence: low, checkpointProof: proof } = highest;
  const claims = viewChanges.flatMap(({ prepared }) => prepared.map(claimOf));
  const top = Math.max(low, ...claims.map(({ sequence }) => sequence));
  const digests: { sequence: number; digest: Digest }[] = [];
  for (let sequence = low + 1; sequence <= top; sequence++) {
    const here = claims.filter((claim) => claim.sequence === sequence);
    const digest = isTransferable
      ? best(here, rules)
      : believed(here, { sequence, viewChanges }, reading);
    if (digest === undefined) return undefined;
    if (digest !== null) digests.push({ sequence, digest });
    else if (rules.fillsGaps) digests.push({ sequence, digest: nullDigest });
  }
  return { low, proof, digests };
}

/** The digest of the proof of the highest view; null: there is none. */
function best(claims: readonly PrePreparedClaim[], rules: PbftRules): Digest | null {
  if (claims.length === 0) return null;
  return claims.reduce((current, claim) => (rules.isBetter(claim, current) ? claim : current))
    .digest;
}

/** Who sent view changes, and for which sequence number a digest is wanted. */
interface Question {
  readonly sequence: number;
  readonly viewChanges: readonly ViewChange[];
}

/**
 * A claim that a quorum does not contradict (A1) and that f + 1 have pre-prepared (A2); null when a
 * quorum claims nothing (B); undefined when neither holds.
 */
function believed(
  claims: readonly PrePreparedClaim[],
  question: Question,
  { rules, size }: Reading,
): Digest | null | undefined {
  const { sequence, viewChanges } = question;
  const needed = rules.viewChangesNeeded(size);
  const below = viewChanges.filter(({ stableSequence }) => stableSequence < sequence);
  const chosen = claims.find((claim) => {
    const agreeing = below.filter((sender) => isCompatible(sender, claim, rules));
    const supporting = viewChanges.filter((sender) => hasPrePrepared(sender, claim));
    return agreeing.length >= needed && supporting.length > size.f;
  });
  if (chosen !== undefined) return chosen.digest;
  const silent = below.filter(({ prepared }) => {
    return prepared.every((certificate) => claimOf(certificate).sequence !== sequence);
  });
  return silent.length >= needed ? null : undefined;
}

/** A1: it claims nothing here, or something older, or the same. */
function isCompatible(
  { prepared }: ViewChange,
  claim: PrePreparedClaim,
  rules: PbftRules,
): boolean {
  return prepared.map(claimOf).every((other) => {
    if (other.sequence !== claim.sequence) return true;
    return rules.isBetter(claim, other) || isSame(other, claim);
  });
}

function isSame(one: PrePreparedClaim, other: PrePreparedClaim): boolean {
  return one.view === other.view && one.digest === other.digest;
}

/** A2: it has pre-prepared this digest in the claim's view or later. */
function hasPrePrepared({ prePrepared }: ViewChange, claim: PrePreparedClaim): boolean {
  return prePrepared.some(({ sequence, view, digest }) => {
    return sequence === claim.sequence && digest === claim.digest && view >= claim.view;
  });
}
