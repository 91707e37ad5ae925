/**
 * Reads without an order: each replica answers from the state that it has executed, and a client
 * believes a quorum of equal answers.
 *
 * Source: Castro and Liskov 1999, section 5.1. There replicas execute what is prepared tentatively,
 * so a read sees it. Ours execute what is committed; so a read waits until all that is prepared
 * here when it comes is executed. Without that a client could believe an old value: a write that is
 * answered was prepared, but perhaps executed by one correct replica only.
 */
import type { PbftRequest } from "./messages";
import { reply } from "./replies";
import { drop } from "./state";
import type { PbftHost, PbftState } from "./state";

/** A client waits for one answer at a time, so its later read takes the place of an earlier one. */
export function onReadOnly(pbft: PbftState, request: PbftRequest, host: PbftHost): void {
  const { reads, rules, options } = pbft;
  const known = reads.get(request.client)?.request;
  if (known !== undefined && known.timestamp >= request.timestamp) {
    return drop(pbft, { reason: "unneeded", message: request }, host);
  }
  if (known === undefined && reads.size >= options.maxClients) {
    return drop(pbft, { reason: "full", message: request }, host);
  }
  reads.set(request.client, { request, after: rules.readsWait ? pbft.highestPrepared : 0 });
}

/** Answers what need not wait any longer. */
export function serveReads(pbft: PbftState, host: PbftHost): void {
  for (const [client, { request, after }] of pbft.reads) {
    if (after > pbft.lastExecuted) continue;
    pbft.reads.delete(client);
    answer(pbft, request, host);
  }
}

function answer(pbft: PbftState, request: PbftRequest, host: PbftHost): void {
  const { client, timestamp, operation } = request;
  if (!("query" in operation)) return drop(pbft, { reason: "shape", message: request }, host);
  const result = pbft.machine.query(pbft.machineState, operation.query) ?? null;
  reply(pbft, { client, timestamp, result, isReadOnly: true }, host);
}
