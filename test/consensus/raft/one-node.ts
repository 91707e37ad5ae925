/** One Raft server, events made by hand, and the effects it asks for. */
import { Raft } from "dabbawala/consensus";
import type { Entry, RaftMessage, RaftOptions, RaftTimer } from "dabbawala/consensus";
import { step } from "dabbawala/protocol";
import type { Effect, NodeId } from "dabbawala/protocol";

export type Effects = Effect<RaftMessage, RaftTimer>[];
type MessageOf<K extends RaftMessage["type"]> = Extract<RaftMessage, { type: K }>;

/** Peers n2.. of a cluster of so many servers; the one that is looked at is n1. */
export function peersOf(servers: number): NodeId[] {
  return Array.from({ length: servers - 1 }, (_, i) => `n${i + 2}`);
}

/** A log of commands with these terms: [1, 1, 4] is entries 1 to 3. */
export function entriesOf(terms: readonly number[]): Entry[] {
  return terms.map((term, i) => ({ term, kind: "command", command: put(`k${i + 1}`, term) }));
}

export function put(key: string, value: unknown): { op: string; key: string; value: unknown } {
  return { op: "put", key, value };
}

export interface Beginning {
  readonly servers?: number;
  readonly terms?: readonly number[];
  readonly term?: number;
  readonly votedFor?: NodeId | null;
  readonly options?: Partial<RaftOptions>;
  readonly saved?: Readonly<Record<string, unknown>>;
}

export class OneNode {
  nowMs = 1_000;
  /** What the next random number is; election timeouts follow from it. */
  chance = 0.5;
  readonly saved = new Map<string, unknown>();

  constructor(readonly raft: Raft) {}

  hear(from: NodeId, message: RaftMessage): Effects {
    return this.step({ kind: "message", from, message });
  }

  ring(timer: RaftTimer): Effects {
    return this.step({ kind: "timer", timer });
  }

  start(saved: Readonly<Record<string, unknown>>): Effects {
    return this.step({ kind: "start", saved });
  }

  /** A new object with what this one has saved: a crash and a restart. */
  restarted(): OneNode {
    const { id, options } = this.raft;
    const again = new OneNode(new Raft(id, peersOf(3), options));
    for (const [key, value] of this.saved) again.saved.set(key, value);
    again.nowMs = this.nowMs;
    again.start(structuredClone(Object.fromEntries(this.saved)));
    again.nowMs += 1_000;
    return again;
  }

  private step(event: Parameters<typeof step<RaftMessage, RaftTimer>>[1]): Effects {
    const effects = step(this.raft, event, { nowMs: this.nowMs, random: () => this.chance });
    for (const effect of effects) {
      if (effect.kind === "save") this.saved.set(effect.key, structuredClone(effect.value));
    }
    return effects;
  }
}

/** A server that has been started with this log and has heard nobody for a second. */
export function follower(beginning: Beginning = {}): OneNode {
  const { servers = 3, terms = [], options } = beginning;
  const term = beginning.term ?? Math.max(0, ...terms);
  const node = new OneNode(new Raft("n1", peersOf(servers), { hasPreVote: false, ...options }));
  const entries = entriesOf(terms).map((entry, i) => [`log/${i + 1}`, entry] as const);
  const vote = { term, votedFor: beginning.votedFor ?? null };
  const saved = { vote, ...Object.fromEntries(entries), ...beginning.saved };
  for (const [key, value] of Object.entries(saved)) node.saved.set(key, value);
  node.start(saved);
  node.nowMs += 1_000;
  return node;
}

export function candidate(beginning: Beginning = {}): OneNode {
  const node = follower(beginning);
  node.ring("election");
  return node;
}

/** Elected with everybody's vote; nobody has answered anything since. */
export function leader(beginning: Beginning = {}): OneNode {
  const node = candidate(beginning);
  for (const peer of peersOf(beginning.servers ?? 3)) node.hear(peer, vote(node, true));
  return node;
}

export function vote(node: OneNode, isVoteGranted: boolean): MessageOf<"requestVoteAnswer"> {
  const term = node.raft.currentTerm;
  return { type: "requestVoteAnswer", term, isVoteGranted, isPreVote: false };
}

export function requestVote(
  changes: Partial<MessageOf<"requestVote">> = {},
): MessageOf<"requestVote"> {
  const call = { term: 1, lastLogIndex: 0, lastLogTerm: 0, isPreVote: false, isTransfer: false };
  return { type: "requestVote", ...call, ...changes };
}

export function appendEntries(
  changes: Partial<MessageOf<"appendEntries">> = {},
): MessageOf<"appendEntries"> {
  const at = { prevLogIndex: 0, prevLogTerm: 0, leaderCommit: 0, round: 1, sentMs: 0 };
  return { type: "appendEntries", term: 1, entries: [], ...at, ...changes };
}

/** The answer to a message that this leader has sent. */
export function matched(
  sent: MessageOf<"appendEntries">,
  term = sent.term,
): MessageOf<"appendEntriesAnswer"> {
  const { prevLogIndex, round, sentMs, entries } = sent;
  const outcome = { kind: "matched", matchIndex: prevLogIndex + entries.length } as const;
  return { type: "appendEntriesAnswer", term, outcome, prevLogIndex, round, sentMs };
}

/** Messages of one type among the effects, with their receivers. */
export function sent<K extends RaftMessage["type"]>(
  effects: Effects,
  type: K,
): { to: NodeId; message: MessageOf<K> }[] {
  return effects.flatMap((effect) =>
    effect.kind === "send" && effect.message.type === type
      ? [{ to: effect.to, message: effect.message as MessageOf<K> }]
      : [],
  );
}

/** Has this follower take in everything that the leader sends it in these effects. */
export function acknowledge(node: OneNode, peer: NodeId, effects: Effects): Effects {
  return sent(effects, "appendEntries")
    .filter(({ to }) => to === peer)
    .flatMap(({ message }) => node.hear(peer, matched(message)));
}

export function termsOf({ raft }: OneNode): number[] {
  return raft.log.entries.map(({ term }) => term);
}
