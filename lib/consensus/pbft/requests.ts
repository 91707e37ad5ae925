/**
 * A client's request, on its way into an order: kept until it is executed, relayed to the primary,
 * and answered again when it was executed before.
 *
 * Source: Castro and Liskov 1999, section 4.1; the oldest request alone holds the timer, so that
 * none waits forever behind others (2002, section 2.3.5).
 */
import type { NodeId } from "../../protocol";
import type { PbftRequest } from "./messages";
import { onReadOnly } from "./reads";
import { reply } from "./replies";
import { drop, isPrimary, primaryOf, servedOf } from "./state";
import type { PbftHost, PbftState } from "./state";

export function onRequest(
  pbft: PbftState,
  { from, request }: { from: NodeId; request: PbftRequest },
  host: PbftHost,
): void {
  if (request.isReadOnly) return onReadOnly(pbft, request, host);
  if (!pbft.rules.isNew(request.timestamp, servedOf(pbft, request.client))) {
    return replyAgain(pbft, request, host);
  }
  const isKnown = pbft.pending.get(request.client)?.timestamp === request.timestamp;
  if (!keep(pbft, request)) return drop(pbft, { reason: "full", message: request }, host);
  // Once: a client that repeats itself sends to the primary too.
  if (!isKnown && from === request.client && pbft.isActive && !isPrimary(pbft)) {
    host.send(primaryOf(pbft), request);
  }
}

/** Remembers a request until it is executed; false: there is no room. */
export function keep(pbft: PbftState, request: PbftRequest): boolean {
  const { pending, unproposed, options } = pbft;
  const { client, timestamp } = request;
  const known = pending.get(client);
  if (known !== undefined && known.timestamp >= timestamp) return true;
  if (known === undefined && pending.size >= options.maxClients) return false;
  pending.delete(client);
  pending.set(client, request);
  unproposed.add(client);
  return true;
}

/** The request was executed, or a later one of the same client. */
export function forgetRequest(
  pbft: PbftState,
  { client, timestamp }: Pick<PbftRequest, "client" | "timestamp">,
): void {
  const known = pbft.pending.get(client);
  if (known === undefined || known.timestamp > timestamp) return;
  pbft.pending.delete(client);
  pbft.unproposed.delete(client);
}

/** The last request of a client is answered as often as it comes (section 4.1). */
function replyAgain(pbft: PbftState, { client, timestamp }: PbftRequest, host: PbftHost): void {
  const last = pbft.replies.get(client);
  if (last?.timestamp !== timestamp) return;
  reply(pbft, { client, timestamp, result: last.result, isReadOnly: false }, host);
}

/** T in the first view that is tried, and twice as long in each further one (section 4.5.2). */
export function timeoutMs({ options, attempts }: PbftState): number {
  const doublings = Math.min(40, Math.max(0, attempts - 1));
  return Math.min(options.maxTimeoutMs, options.requestTimeoutMs * 2 ** doublings);
}

/**
 * The timer runs only while a request waits, and then for the oldest one. Unlike in section 4.4 it
 * runs at the primary too, for twice as long: when others have left the view, and the rest have
 * executed all they know of, nobody else would ask for the next one.
 */
export function keepTimer(pbft: PbftState, host: PbftHost): void {
  const oldest = pbft.pending.values().next().value as PbftRequest | undefined;
  if (!pbft.isActive || oldest === undefined) {
    if (pbft.timed !== null) host.cancelTimer("request");
    pbft.timed = null;
    return;
  }
  const { client, timestamp } = oldest;
  if (pbft.timed?.client === client && pbft.timed.timestamp === timestamp) return;
  pbft.timed = { client, timestamp };
  host.setTimer("request", timeoutMs(pbft) * (isPrimary(pbft) ? 2 : 1));
}
