/**
 * Executes what is committed, in the order of the sequence numbers, each request once.
 *
 * Source: Castro and Liskov 1999, section 4.2.
 */
import { takeCheckpoint } from "./checkpoints";
import type { Digest, PbftOperation, PbftRequest } from "./messages";
import { reply } from "./replies";
import { forgetRequest } from "./requests";
import { servedOf } from "./state";
import type { PbftHost, PbftState, Slot } from "./state";

/** All batches that are next and committed; the window bounds them. */
export function execute(pbft: PbftState, host: PbftHost): void {
  for (;;) {
    const slot = pbft.slots.get(pbft.lastExecuted + 1);
    if (slot === undefined) return;
    const digest = committedDigest(slot);
    const requests = digest === undefined ? undefined : slot.batches.get(digest);
    if (digest === undefined || requests === undefined) return;
    slot.executed = digest;
    executeBatch(pbft, { digest, requests }, host);
  }
}

function committedDigest({ isCommitted, prePrepare, learned }: Slot): Digest | undefined {
  return (isCommitted ? prePrepare?.digest : undefined) ?? learned ?? undefined;
}

/** The next batch. */
function executeBatch(
  pbft: PbftState,
  { digest, requests }: { digest: Digest; requests: readonly PbftRequest[] },
  host: PbftHost,
): void {
  const sequence = ++pbft.lastExecuted;
  if (requests.length > 0) pbft.attempts = 0;
  host.note("executed", { sequence, view: pbft.view, digest });
  for (const request of requests) executeOnce(pbft, request, host);
  if (sequence % pbft.options.checkpointEvery === 0) takeCheckpoint(pbft, host);
}

function executeOnce(pbft: PbftState, request: PbftRequest, host: PbftHost): void {
  const { client, timestamp, operation } = request;
  forgetRequest(pbft, request);
  if (!pbft.rules.isNew(timestamp, servedOf(pbft, client))) return;
  const result = apply(pbft, operation) ?? null;
  pbft.replies.delete(client);
  pbft.replies.set(client, { timestamp, result });
  if (pbft.replies.size > pbft.options.maxClients) {
    pbft.replies.delete(pbft.replies.keys().next().value as string);
  }
  reply(pbft, { client, timestamp, result, isReadOnly: false }, host);
}

/** A read that found no quorum comes as a request like any other. */
function apply({ machine, machineState }: PbftState, operation: PbftOperation): unknown {
  if ("query" in operation) return machine.query(machineState, operation.query);
  return machine.apply(machineState, operation.command);
}
