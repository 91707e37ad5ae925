/**
 * The rules that make PBFT safe, each a pure function on its own, so that a test or a notebook can
 * replace one and see what breaks: `class Broken extends Pbft { get rules() { ... } }`.
 *
 * Source: Castro and Liskov 1999, the section named with each rule.
 */
import type { Digest, PrePreparedClaim } from "./messages";

/** n replicas, of which f may be faulty. */
export interface ClusterSize {
  readonly n: number;
  readonly f: number;
}

export interface PbftRules {
  /**
   * Section 4.2: so many of n are a quorum: any two share a correct replica. 2f + 1 for 3f + 1.
   */
  quorum(size: ClusterSize): number;
  /** Section 4.2: prepares that go with the pre-prepare: with its sender they are a quorum. */
  preparesNeeded(size: ClusterSize): number;
  /** Section 4.2: commits of so many replicas, the own one counted. */
  commitsNeeded(size: ClusterSize): number;
  /** Section 4.3: messages that make a checkpoint stable. */
  checkpointsNeeded(size: ClusterSize): number;
  /** Section 4.4: messages that ask for a view and let its primary begin it. */
  viewChangesNeeded(size: ClusterSize): number;
  /** Section 4.1: equal answers that a client waits for: one is of a correct replica. */
  repliesNeeded(size: ClusterSize): number;
  /** Ours, `learning.ts`: others that have executed the same; one of them is correct. */
  executedNeeded(size: ClusterSize): number;
  /** Section 5.1: the same as `repliesNeeded` for a read without an order. */
  readRepliesNeeded(size: ClusterSize): number;
  /** Section 4.2: a sequence number is not above the high watermark. */
  isInWindow(sequence: number, low: number, window: number): boolean;
  /** Section 4.2: what a digest names is what came with it. */
  isDigestOf(told: Digest, computed: Digest): boolean;
  /** Section 4.2: in one view a sequence number has one digest. */
  isConsistent(accepted: Digest | null, told: Digest): boolean;
  /** Section 4.4: of two certificates for a sequence number that of the higher view counts. */
  isBetter(candidate: PrePreparedClaim, current: PrePreparedClaim): boolean;
  /** Section 4.4: sequence numbers without a certificate are filled with null requests. */
  readonly fillsGaps: boolean;
  /** Section 4.4: backups compute O themselves and compare. */
  readonly checksNewView: boolean;
  /** Section 4.4: of a view change only what its certificates prove is believed. */
  readonly checksCertificates: boolean;
  /** Section 4.1: a request with a timestamp that was served is not executed again. */
  isNew(timestamp: number, served: number): boolean;
  /** A read waits until what is prepared here is executed: see `reads.ts`. */
  readonly readsWait: boolean;
}

const quorum = ({ n, f }: ClusterSize): number => Math.ceil((n + f + 1) / 2);

export const paperRules: PbftRules = {
  quorum,
  preparesNeeded: (size) => quorum(size) - 1,
  commitsNeeded: quorum,
  checkpointsNeeded: quorum,
  viewChangesNeeded: quorum,
  repliesNeeded: ({ f }) => f + 1,
  executedNeeded: ({ f }) => f + 1,
  readRepliesNeeded: quorum,
  isInWindow: (sequence, low, window) => sequence <= low + window,
  isDigestOf: (told, computed) => told === computed,
  isConsistent: (accepted, told) => accepted === null || accepted === told,
  isBetter: (candidate, current) => candidate.view > current.view,
  fillsGaps: true,
  checksNewView: true,
  checksCertificates: true,
  isNew: (timestamp, served) => timestamp > served,
  readsWait: true,
};

/** How many of so many replicas may be faulty: f of 3f + 1. */
export function faultsOf(replicas: number): number {
  return Math.floor((replicas - 1) / 3);
}
