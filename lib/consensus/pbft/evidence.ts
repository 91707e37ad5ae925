/**
 * Equivocation: two messages of one sender that no correct node sends both. Where they are signed,
 * anybody who knows the public keys can check it.
 */
import type { NodeId } from "../../protocol";
import { isSignedOnce } from "../signatures";
import { ownEntry } from "./authentication";
import { textOf } from "./encoding";
import type { Checkpoint, Commit, Digest, Executed, PbftEvidence } from "./messages";
import type { Prepare, ReplicaMessage } from "./messages";
import { shapeFlaw } from "./shapes";
import { drop } from "./state";
import type { PbftHost, PbftState } from "./state";

export type EvidenceVerdict =
  | { readonly kind: "proven"; readonly accused: NodeId; readonly sentence: string }
  | { readonly kind: "rejected"; readonly reason: string };

/** A replica keeps so many pieces against each other one: no liar hides behind another. */
const maxEvidence = 100;

/**
 * Judges evidence as a third party: both messages are of the accused, say different things where
 * one only may be said, and are signed with its key. Takes anything; throws nothing.
 * `publicKeys`: see `publicKeysOf`.
 */
export function checkEvidence(
  evidence: PbftEvidence,
  publicKeys: Readonly<Record<NodeId, string>>,
): EvidenceVerdict {
  const { accused, first, second } = (evidence ?? {}) as PbftEvidence;
  for (const message of [first, second]) {
    const flaw = shapeFlaw(message);
    if (flaw !== undefined) return { kind: "rejected", reason: flaw };
    if (message.replica !== accused) return { kind: "rejected", reason: "it is of another sender" };
    const key = ownEntry(publicKeys, accused);
    if (key === undefined) return { kind: "rejected", reason: `no key of ${accused} is known` };
    if (!isSignedOnce(textOf(message), message.proof, key)) {
      return { kind: "rejected", reason: `a message is not signed by ${accused}` };
    }
  }
  const matter = matterOf(first);
  if (matter === undefined || matter !== matterOf(second)) {
    return { kind: "rejected", reason: "the two are not about the same thing" };
  }
  if (contentOf(first) === contentOf(second)) {
    return { kind: "rejected", reason: "the two say the same" };
  }
  return { kind: "proven", accused, sentence: `${accused} said two things as its ${matter}` };
}

/** What a correct node says one thing of only; undefined: it may say many. */
function matterOf(message: ReplicaMessage): string | undefined {
  switch (message.type) {
    case "prePrepare":
    case "prepare":
    case "commit":
      return `${message.type} of view ${message.view}, sequence ${message.sequence}`;
    case "checkpoint":
    case "executed":
      return `${message.type} of sequence ${message.sequence}`;
    case "viewChange":
    case "newView":
      return `${message.type} of view ${message.view}`;
    case "reply":
      if (message.isReadOnly) return undefined;
      return `reply to ${message.client}, timestamp ${message.timestamp}`;
    default:
      return undefined;
  }
}

/** A reply may be given again in another view; all else counts as it was said. */
function contentOf(message: ReplicaMessage): string {
  return message.type === "reply" ? JSON.stringify(message.result) : textOf(message);
}

type Vote = Prepare | Commit | Checkpoint | Executed;

/** Takes the first word of each replica; another one is evidence, and the answer false. */
export function takeFirst<V extends Vote>(
  pbft: PbftState,
  { said, message }: { said: Map<NodeId, V>; message: V },
  host: PbftHost,
): boolean {
  const known = said.get(message.replica);
  if (known === undefined) said.set(message.replica, message);
  else if (known.digest !== message.digest) {
    accuse(pbft, { first: known, second: message }, host);
    drop(pbft, { reason: "conflict", message }, host);
    return false;
  }
  return true;
}

/** Those that name this digest. */
export function votesFor<V extends Vote>(said: ReadonlyMap<NodeId, V>, digest: Digest): V[] {
  return [...said.values()].filter((vote) => vote.digest === digest);
}

/** Keeps two messages of which a correct sender sends one. */
export function accuse(
  pbft: PbftState,
  { first, second }: { first: ReplicaMessage; second: ReplicaMessage },
  host: PbftHost,
): void {
  const accused = first.replica;
  const matter = matterOf(first);
  const against = pbft.evidence.filter((known) => known.accused === accused);
  const isKnown = against.some((known) => matterOf(known.first) === matter);
  if (isKnown || against.length >= maxEvidence) return;
  pbft.evidence.push({ accused, first, second });
  host.note("evidence", { accused, matter });
}
