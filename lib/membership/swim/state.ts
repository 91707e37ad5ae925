/** What a SWIM member knows; plain data. */
import type { NodeId } from "../../protocol";
import type { MemberTable } from "./members";
import type { SwimOptions } from "./options";
import type { SwimRules } from "./rules";
import type { UpdateQueue } from "./update-queue";

/** The probe of this period. */
export interface Probe {
  readonly target: NodeId;
  /** When the probe began: one that has restarted since is not accused. */
  readonly incarnation: number;
  readonly requestId: number;
  isAnswered: boolean;
  /** Members that were asked to probe too. */
  asked: number;
  /** Of these, who said that they had no answer either. */
  nacks: number;
}

/** A pass over all places in a random order: `start`, then every `step`-th, modulo `size`. */
export interface ProbePass {
  readonly start: number;
  readonly step: number;
  readonly size: number;
  taken: number;
}

/** A probe on behalf of another member. */
export interface Relay {
  readonly requester: NodeId;
  readonly requestId: number;
}

export interface Suspicion {
  readonly sinceMs: number;
  /** The shortest timeout, when the suspicion began. */
  readonly minMs: number;
  /** Confirmations that shorten it to that. */
  readonly expected: number;
  /** Who has said so, the first one too; at most `expected` + 1. */
  readonly accusers: NodeId[];
}

/** "leaving": the group is being told; "gone": it takes no part any more. */
export type Part = "joining" | "member" | "leaving" | "gone";

export interface SwimState {
  readonly id: NodeId;
  readonly options: SwimOptions;
  readonly rules: SwimRules;
  readonly table: MemberTable;
  readonly queue: UpdateQueue;
  readonly suspicions: Map<NodeId, Suspicion>;
  readonly relays: Map<number, Relay>;
  /** Its own, saved before anybody hears of it. */
  incarnation: number;
  part: Part;
  probe: Probe | null;
  pass: ProbePass | null;
  requests: number;
  /** Lifeguard's local health: 0 is well. */
  health: number;
  /** Periods until a leaving member is gone. */
  lingers: number;
}
