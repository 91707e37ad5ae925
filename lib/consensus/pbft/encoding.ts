/**
 * The one text of each message that its proof covers, and the digests. Arrays as JSON, so that no
 * two messages have the same text; an operation keeps the order of its fields, as all hosts do.
 *
 * Cost: a request's text and a batch's digest are made once for each object and remembered.
 */
import { textDigest } from "../signatures";
import type { Digest, PbftRequest, ProvenMessage, Unproven, ViewChange } from "./messages";

const requestTexts = new WeakMap<object, string>();
const batchDigests = new WeakMap<object, Digest>();

/** Of the requests in their order, without their proofs. */
export function batchDigest(requests: readonly PbftRequest[]): Digest {
  let digest = batchDigests.get(requests);
  if (digest === undefined) {
    digest = textDigest(`[${requests.map(requestText).join(",")}]`);
    batchDigests.set(requests, digest);
  }
  return digest;
}

/** The null request: an empty batch, whose execution does nothing (section 4.4). */
export const nullDigest = textDigest("[]");

function requestText(request: Unproven<PbftRequest>): string {
  let text = requestTexts.get(request);
  if (text === undefined) {
    const { client, timestamp, isReadOnly, operation } = request;
    text = JSON.stringify(["request", client, timestamp, isReadOnly, operation]);
    requestTexts.set(request, text);
  }
  return text;
}

/** What the proof of a message covers: all of it, long parts by their digest. */
export function textOf(message: ProvenMessage | Unproven<ProvenMessage>): string {
  const said = message as ProvenMessage;
  switch (said.type) {
    case "request":
      return requestText(said);
    case "reply":
      return textOfFields(said, [
        said.view,
        said.timestamp,
        said.client,
        said.isReadOnly,
        said.result,
      ]);
    case "prePrepare":
    case "prepare":
    case "commit":
      return textOfFields(said, [said.view, said.sequence, said.digest]);
    case "checkpoint":
    case "executed":
    case "fetchBatch":
      return textOfFields(said, [said.sequence, said.digest]);
    case "viewChange":
      return textOfFields(said, [said.view, said.stableSequence, contentDigest(said)]);
    case "newView":
      return textOfFields(said, [
        said.view,
        textDigest(JSON.stringify([said.viewChanges, said.prePrepares])),
      ]);
    case "status":
      return textOfFields(said, [said.view, said.isActive, said.lastExecuted, said.stableSequence]);
    case "fetchState":
      return textOfFields(said, [said.sequence, said.digest, said.page]);
  }
}

function textOfFields(
  { type, replica }: { type: string; replica: string },
  fields: readonly unknown[],
): string {
  return JSON.stringify([type, replica, ...fields]);
}

function contentDigest({ checkpointProof, prepared, prePrepared }: ViewChange): Digest {
  return textDigest(JSON.stringify([checkpointProof, prepared, prePrepared]));
}
