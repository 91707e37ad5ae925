/**
 * The rules that make the store right, each a pure function on its own, so that a test or a
 * notebook can replace one and see what breaks: `class Broken extends Dynamo { get rules() { ... }
 * }`.
 */
import { contextOf, mergeSiblings } from "../../clocks";
import type { VersionVector } from "../../clocks";
import type { NodeId } from "../../protocol";
import type { Versions } from "./messages";
import type { DynamoOptions } from "./options";

export interface DynamoRules {
  /** Section 4.5: an operation is done when so many owners have answered. */
  quorum(wanted: number): number;
  /**
   * Whose answers are counted, each list for itself: while the ring changes, old and new owners.
   */
  quorumLists(old: readonly NodeId[], now: readonly NodeId[]): readonly (readonly NodeId[])[];
  /** Ours: a replica that knows a later ring refuses what was asked by an earlier one. */
  mayServe(epochAsked: number, epochHere: number): boolean;
  /** Ours: a change of the ring begins when so many of its voters have agreed. */
  isAgreed(votes: number, voters: number): boolean;
  /** How many old owners a newcomer copies from: enough to meet every write, and every read. */
  sources(owners: number, options: DynamoOptions): number;
  /** Section 4.4: what either has and the other has not replaced. */
  merge(left: Versions, right: Versions): Versions;
  /** What a coordinator sends to the other owners: all that it has, and `added` is among it. */
  replicated(versions: Versions, added: Versions): Versions;
  /** The context of an answer covers the versions in it. */
  answered(versions: Versions, added: Versions): VersionVector;
  /** A node that has had to forget a key is another actor when it writes it again. */
  actor(id: NodeId, life: string, births: number): string;
  /** Section 4.6: a hint is kept until the owner has said that it has it. */
  isHintKept(isAcknowledged: boolean): boolean;
  /** Section 4.7: what a Merkle tree tells apart. */
  digest(versions: Versions): string;
  /** Ours: a tombstone is forgotten when nobody can have what it replaces any more. */
  isForgotten(ageMs: number, graceMs: number): boolean;
  /** Ours: a put that comes again, as a repeated message, is not done again. */
  isRepeated(requestId: number, last: number): boolean;
}

export const dynamoRules: DynamoRules = {
  quorum: (wanted) => wanted,
  quorumLists: (old, now) => [old, now],
  mayServe: (epochAsked, epochHere) => epochAsked >= epochHere,
  isAgreed: (votes, voters) => 2 * votes > voters,
  sources: (owners, { readQuorum, writeQuorum }) =>
    Math.max(1, owners + 1 - Math.min(readQuorum, writeQuorum)),
  merge: mergeSiblings,
  replicated: (versions) => versions,
  answered: (versions) => contextOf(versions),
  actor: (id, life, births) => `${id}.${life}.${births}`,
  isHintKept: (isAcknowledged) => !isAcknowledged,
  digest: (versions) => versions.map(({ dot }) => `${dot.actor}:${dot.count}`).join(" "),
  isForgotten: (ageMs, graceMs) => ageMs > graceMs,
  isRepeated: (requestId, last) => requestId <= last,
};
