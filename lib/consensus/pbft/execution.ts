/**
 * Executes what is committed, in the order of the sequence numbers, each request once.
 *
 * Source: Castro and Liskov 1999, section 4.2. The last answer of each client is kept for ever, for
 * without it an old request of his would be new again; so those who come when `maxClients` have
 * been served are refused, by all replicas alike.
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

/** The answer to a client for whom there is no room; nothing has changed. */
const noRoom = { kind: "tooManyClients" };

function executeOnce(pbft: PbftState, request: PbftRequest, host: PbftHost): void {
  const { client, timestamp, operation } = request;
  forgetRequest(pbft, request);
  if (!pbft.rules.isNew(timestamp, servedOf(pbft, client))) return;
  const { replies, options } = pbft;
  const isServed = replies.has(client) || replies.size < options.maxClients;
  const result = isServed ? (apply(pbft, operation) ?? null) : noRoom;
  if (isServed) replies.set(client, { timestamp, result });
  reply(pbft, { client, timestamp, result, isReadOnly: false }, host);
}

/** A read that found no quorum comes as a request like any other. */
function apply({ machine, machineState }: PbftState, operation: PbftOperation): unknown {
  if ("query" in operation) return machine.query(machineState, operation.query);
  return machine.apply(machineState, operation.command);
}
