/**
 * The rules that SWIM's promises rest on, each on its own, so that a test or a notebook can replace
 * one and see what breaks: `class Broken extends Swim { get rules() { ... } }`.
 */
import { rejoinOrder } from "./updates";
import type { UpdateOrder } from "./updates";

export interface SwimRules {
  /** Section 4.2: which of two updates counts. */
  readonly isNewer: UpdateOrder;
  /** The incarnation of a start: above the saved one, which may have been declared dead. */
  incarnationAtStart(saved: number | undefined): number;
  /** Section 4.2: the incarnation that denies an accusation. */
  refutation(accused: number, own: number): number;
  /** Section 4.2: an accusation is of the incarnation that is known; only its owner raises it. */
  accused(known: number): number;
  /** A member that is held to be dead is told so when it speaks, so that it can deny it. */
  readonly tellsTheDead: boolean;
  /** Section 3.1: only a whole period without an answer, direct or not, makes a suspect. */
  readonly waitsForIndirectProbes: boolean;
  /** Section 4.3: after a pass over all members comes another pass. */
  readonly probesInPasses: boolean;
  /** Section 4.2: a suspect has time to deny it. */
  readonly suspectsFirst: boolean;
  /** Serf: tables are now and then exchanged with the dead, who may live behind a partition. */
  readonly visitsTheDead: boolean;
}

export const swimRules: SwimRules = {
  isNewer: rejoinOrder,
  incarnationAtStart: (saved) => (saved === undefined ? 0 : saved + 1),
  refutation: (accused, own) => Math.max(accused, own) + 1,
  accused: (known) => known,
  tellsTheDead: true,
  waitsForIndirectProbes: true,
  probesInPasses: true,
  suspectsFirst: true,
  visitsTheDead: true,
};
