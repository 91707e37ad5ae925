/**
 * The primary's part: gives sequence numbers to batches of what waits.
 *
 * Source: Castro and Liskov 1999, section 4.2; batches and the window of 5.1.
 */
import { batchDigest } from "./encoding";
import type { PbftRequest, PrePrepare } from "./messages";
import { acceptPrePrepare } from "./agreement";
import { isBetweenWatermarks, isPrimary, multicast, prove } from "./state";
import type { PbftHost, PbftState } from "./state";

/** Proposes batches as long as the window and the watermarks let it. */
export function propose(pbft: PbftState, host: PbftHost): void {
  if (!pbft.isActive || !isPrimary(pbft)) return;
  for (let i = 0; i < pbft.options.maxInFlight && pbft.unproposed.size > 0; i++) {
    const sequence = pbft.lastProposed + 1;
    const isFull = sequence > pbft.lastExecuted + pbft.options.maxInFlight;
    if (isFull || !isBetweenWatermarks(pbft, sequence)) return;
    proposeBatch(pbft, { sequence, requests: nextBatch(pbft) }, host);
  }
}

function nextBatch({ unproposed, pending, options }: PbftState): PbftRequest[] {
  const requests: PbftRequest[] = [];
  for (const client of unproposed) {
    if (requests.length >= options.maxBatchRequests) break;
    requests.push(pending.get(client) as PbftRequest);
    unproposed.delete(client);
  }
  return requests;
}

/** <PRE-PREPARE, v, n, d>, m to all backups. */
function proposeBatch(
  pbft: PbftState,
  { sequence, requests }: { sequence: number; requests: readonly PbftRequest[] },
  host: PbftHost,
): void {
  const { id, view } = pbft;
  const digest = batchDigest(requests);
  const said = { type: "prePrepare", view, sequence, digest, requests, replica: id } as const;
  const prePrepare = prove<PrePrepare>(pbft, said);
  pbft.lastProposed = sequence;
  acceptPrePrepare(pbft, prePrepare, host);
  multicast(pbft, prePrepare, host);
}
