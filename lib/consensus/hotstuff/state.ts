/** All that a HotStuff replica knows, as plain data: what it saves, and what it forgets. */
import type { Host, NodeId } from "../../protocol";
import type { Machine } from "../raft/machines";
import type { Block, Certificate, Command, HotStuffMessage, HotStuffTimer } from "./messages";
import type { Proposal, Snapshot } from "./messages";
import type { HotStuffOptions } from "./options";
import type { HotStuffRules } from "./rules";

export type HotStuffHost = Host<HotStuffMessage, HotStuffTimer>;

export interface HotStuffState {
  readonly id: NodeId;
  /** All of them, in the order in which they lead. */
  readonly replicas: readonly NodeId[];
  readonly options: HotStuffOptions;
  readonly rules: HotStuffRules;
  readonly machine: Machine;

  // Saved before a vote leaves.
  /** The paper's vheight. */
  lastVotedView: number;
  /** The paper's prepareQC, also called generic: the highest certificate that it knows. */
  highQC: Certificate;
  /** Of the highest block with a certified child: it will vote for no other branch below it. */
  lockedQC: Certificate;
  /** By name: the tree above the last decided block, and decided ones that others may lack. */
  readonly blocks: Map<string, Block>;
  /** Names of those that are decided, oldest first, and of those that are not. */
  decided: string[];
  readonly open: Set<string>;
  /** The last one that was taken or adopted. */
  snapshot: Snapshot | null;
  machineState: unknown;
  /** The last command of each client that was executed: repeats are answered, not done. */
  readonly executed: Map<NodeId, Executed>;

  // Forgotten in a crash.
  /** The paper's curView. It begins with a certificate of the view before, or with a quorum. */
  view: number;
  /** The newest command of each client that waits. */
  readonly pending: Map<NodeId, Command>;
  /** To this replica as the next leader: signatures by block, by view. */
  readonly votes: Map<number, Map<string, Record<NodeId, string>>>;
  /** The latest view that each replica, this one among them, has asked for. */
  readonly asks: Map<NodeId, Ask>;
  /** Views in a row that were timed out since something was decided. */
  failures: number;
  /** The last certificate that this leader has spread. */
  spreadView: number;
  /** What is asked for; null: nothing is missing. */
  missing: Missing | null;
  /** By view: the first proposal seen of its leader. */
  readonly proposed: Map<number, Claim>;
  /** Leaders that have signed two blocks for one view. */
  readonly evidence: Evidence[];
  /** The view whose end the timer is set for; null: it is not set. */
  timedView: number | null;
}

export interface Ask {
  readonly view: number;
  readonly signature: string;
}

export interface Executed {
  readonly requestId: number;
  readonly result: unknown;
}

/** A certified block that is not here. */
export interface Missing {
  readonly certificate: Certificate;
  /** The proposal that waits for it. */
  readonly orphan: Proposal | null;
  /** So far up there are blocks. */
  aboveHeight: number;
  /** Whose turn it is to be asked. */
  turn: number;
  /** Snapshots that were sent in its place, by sender. */
  readonly snapshots: Map<NodeId, Snapshot>;
}

export interface Claim {
  readonly block: string;
  readonly signature: string;
}

/** Anybody can check it: the leader has signed both. */
export interface Evidence {
  readonly replica: NodeId;
  readonly view: number;
  readonly claims: readonly [Claim, Claim];
}

export const keyringOf = ({
  replicas,
  options: { keySeed },
}: HotStuffState): { replicas: readonly NodeId[]; keySeed: string } => ({ replicas, keySeed });

/** A leader holds office for `viewsPerLeader` views, and then the next one in the order. */
export function leaderOf(state: HotStuffState, view: number): NodeId {
  const { replicas, options } = state;
  const office = Math.floor(Math.max(0, view - 1) / options.viewsPerLeader);
  return replicas[office % replicas.length] as NodeId;
}

/** The first view of the next leader's office. */
export function nextOffice({ options }: HotStuffState, view: number): number {
  const office = Math.floor(Math.max(0, view - 1) / options.viewsPerLeader);
  return (office + 1) * options.viewsPerLeader + 1;
}

export function lastDecided({ decided, blocks }: HotStuffState): Block {
  return blocks.get(decided[decided.length - 1] as string) as Block;
}

/** The certified block and those under it that are not decided yet, newest first. */
export function openBranch(state: HotStuffState, from: string): Block[] {
  const { height } = lastDecided(state);
  const branch: Block[] = [];
  let block = state.blocks.get(from);
  while (block !== undefined && block.height > height) {
    branch.push(block);
    block = state.blocks.get(block.justify.block);
  }
  return branch;
}
