/**
 * The rules that make HotStuff safe, each a pure function on its own, so that a test or a notebook
 * can replace one and see what breaks: `class Broken extends HotStuff { get rules() { ... } }`.
 *
 * Source: Yin et al. 2019, the section named with each rule.
 */
import type { NodeId } from "../../protocol";
import { faultsOf } from "../pbft/rules";
import { countSigners, genesisName, newViewText, voteText } from "./block";
import type { Block, Certificate, Signatures } from "./messages";

export interface Keyring {
  readonly replicas: readonly NodeId[];
  readonly keySeed: string;
}

export interface VoteFacts {
  readonly block: Block;
  readonly lastVotedView: number;
  readonly lockedView: number;
  /** The block is in the subtree of the locked one. */
  readonly extendsLocked: boolean;
}

export interface TimeoutFacts {
  /** Views in a row, this one among them. */
  readonly failures: number;
  /** The view was asked for before, and has not begun. */
  readonly isRepeated: boolean;
}

export interface HotStuffRules {
  /** Section 4.2: n - f votes, which is 2f + 1 of 3f + 1. */
  quorum(replicas: number): number;
  /** Section 4.2: a certificate holds a quorum of right signatures over its view and block. */
  isCertified(certificate: Certificate, keyring: Keyring): boolean;
  /** Section 4.4, the pacemaker: a view without its predecessor's certificate needs a quorum. */
  isEntered(view: number, timeouts: Signatures, keyring: Keyring): boolean;
  /** Whether all are asked for the next view, or its leader alone. */
  isForAll(facts: TimeoutFacts): boolean;
  /** Section 5, vheight: one vote a view, and never for an earlier one. */
  isNewer(facts: VoteFacts): boolean;
  /** Algorithm 1, safeNode: it extends the lock (safety), or knows a newer one (liveness). */
  isSafe(facts: VoteFacts): boolean;
  /** Section 5: a block is decided by certified descendants in the two views right after it. */
  isDecided(views: readonly [first: number, second: number, third: number]): boolean;
  /** Section 5: of two certified blocks in a row the earlier one is locked. */
  lockOf(certified: Block, own: Certificate): Certificate;
}

export const hotStuffRules: HotStuffRules = {
  quorum: (replicas) => replicas - faultsOf(replicas),
  isCertified(certificate, { replicas, keySeed }) {
    const { view, block, signatures } = certificate;
    if (view === 0) return block === genesisName;
    const votes = { text: voteText(view, block), signatures };
    return countSigners(votes, replicas, keySeed) >= this.quorum(replicas.length);
  },
  isEntered(view, signatures, { replicas, keySeed }) {
    const asked = { text: newViewText(view), signatures };
    return countSigners(asked, replicas, keySeed) >= this.quorum(replicas.length);
  },
  isForAll: ({ failures, isRepeated }) => failures > 1 || isRepeated,
  isNewer: ({ block, lastVotedView }) => block.view > lastVotedView,
  isSafe: ({ block, lockedView, extendsLocked }) =>
    extendsLocked || block.justify.view > lockedView,
  isDecided: ([first, second, third]) => second === first + 1 && third === second + 1,
  lockOf: ({ justify }, own) => (justify.view > own.view ? justify : own),
};
