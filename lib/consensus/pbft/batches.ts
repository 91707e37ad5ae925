/** The requests behind a digest: kept, handed out, and asked for where they are missing. */
import { batchDigest } from "./encoding";
import type { Digest, FetchBatch, PbftRequest, PrePrepare } from "./messages";
import { keep } from "./requests";
import { multicast, prove, servedOf } from "./state";
import type { DropReason, PbftHost, PbftState, Slot } from "./state";
import { saveBatch } from "./storage";
import { isRequestProven } from "./verification";

interface EnteredBatch {
  readonly digest: Digest;
  readonly requests: readonly PbftRequest[];
  /** False: a liar may have changed the clients' proofs, which the digest does not cover. */
  readonly areChecked: boolean;
}

/**
 * Requests that were not known come with their batch: this replica waits for them too, unless they
 * would prove nothing to others if it had to propose them.
 */
export function enterBatch(
  pbft: PbftState,
  slot: Slot,
  { areChecked, ...batch }: EnteredBatch,
  host: PbftHost,
): void {
  if (!slot.batches.has(batch.digest)) saveBatch(slot, batch, host);
  for (const request of batch.requests) {
    const isNew = request.timestamp > servedOf(pbft, request.client);
    if (isNew && (areChecked || isRequestProven(pbft, request))) keep(pbft, request);
    if (pbft.pending.get(request.client)?.timestamp === request.timestamp) {
      pbft.unproposed.delete(request.client);
    }
  }
}

/** The digest is that of the requests, and each is its client's. */
export function batchFlaw(
  pbft: PbftState,
  { digest }: PrePrepare,
  requests: readonly PbftRequest[],
): DropReason | undefined {
  if (!pbft.rules.isDigestOf(digest, batchDigest(requests))) return "digest";
  if (requests.length === 0 || requests.length > pbft.options.maxBatchRequests) return "shape";
  if (requests.some(({ isReadOnly }) => isReadOnly)) return "shape";
  return requests.every((request) => isRequestProven(pbft, request)) ? undefined : "proof";
}

/** Asks all for requests whose digest is known. */
export function fetchBatch(
  pbft: PbftState,
  { slot, digest }: { slot: Slot; digest: Digest },
  host: PbftHost,
): void {
  const { sequence } = slot;
  const said = { type: "fetchBatch", sequence, digest, replica: pbft.id } as const;
  multicast(pbft, prove<FetchBatch>(pbft, said), host);
}

export function onFetchBatch(pbft: PbftState, message: FetchBatch, host: PbftHost): void {
  const { sequence, digest, replica } = message;
  const slot = pbft.slots.get(sequence);
  const requests = slot?.batches.get(digest) ?? slot?.held?.requests;
  if (requests === undefined || requests === null) return;
  host.send(replica, { type: "batch", sequence, digest, requests });
}

/** The digest whose requests this slot waits for. */
export function missingDigest(slot: Slot): Digest | undefined {
  const { prePrepare, held, batches, learned } = slot;
  if (learned !== null && !batches.has(learned)) return learned;
  if (prePrepare === null) return held?.requests === null ? held.digest : undefined;
  return batches.has(prePrepare.digest) ? undefined : prePrepare.digest;
}
