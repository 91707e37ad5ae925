/** Replicas that lie, by name. */
import type { NodeId, Protocol } from "../../../protocol";
import { EquivocatingReplica, ForgingReplica, SilentReplica } from "./behaviours";
import { StaleReplica, VotingReplica } from "./behaviours";
import type { HotStuffMessage, HotStuffTimer } from "../messages";
import { SplitBrainReplica } from "./split-brain";

/**
 * silent: says nothing. voting: votes for everything. equivocating: as leader, two blocks a view.
 * stale: as new leader, forgets what was certified. forging: false certificates and commands.
 * splitBrain: a different replica to each half, together with its fellows.
 */
export type HotStuffLie = "silent" | "voting" | "equivocating" | "stale" | "forging" | "splitBrain";

type Replica = Protocol<HotStuffMessage, HotStuffTimer, object>;

export const hotStuffLiars: Readonly<Record<HotStuffLie, Replica>> = {
  silent: SilentReplica,
  voting: VotingReplica,
  equivocating: EquivocatingReplica,
  stale: StaleReplica,
  forging: ForgingReplica,
  splitBrain: SplitBrainReplica,
};

/** Which replicas lie, and how. */
export type HotStuffTraitors = Readonly<Record<NodeId, HotStuffLie>>;
