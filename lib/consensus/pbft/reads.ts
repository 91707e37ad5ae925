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

/** So many reads wait, at most. */
const maxReads = 10_000;

export function onReadOnly(pbft: PbftState, request: PbftRequest, host: PbftHost): void {
  const after = pbft.rules.readsWait ? pbft.highestPrepared : 0;
  if (pbft.reads.length >= maxReads) drop(pbft, { reason: "full", message: request }, host);
  else pbft.reads.push({ request, after });
}

/** Answers what need not wait any longer. */
export function serveReads(pbft: PbftState, host: PbftHost): void {
  if (pbft.reads.length === 0) return;
  const isReady = ({ after }: { after: number }): boolean => after <= pbft.lastExecuted;
  const ready = pbft.reads.filter(isReady);
  if (ready.length === 0) return;
  pbft.reads = pbft.reads.filter((read) => !isReady(read));
  for (const { request } of ready) answer(pbft, request, host);
}

function answer(pbft: PbftState, request: PbftRequest, host: PbftHost): void {
  const { client, timestamp, operation } = request;
  if (!("query" in operation)) return drop(pbft, { reason: "shape", message: request }, host);
  const result = pbft.machine.query(pbft.machineState, operation.query) ?? null;
  reply(pbft, { client, timestamp, result, isReadOnly: true }, host);
}
