/**
 * Who has accepted what, and what is chosen by it: told of every acceptance, it says when two
 * things are chosen. Plain data, as the explorer's history has to be.
 *
 * Source: L. Lamport, "The part-time parliament", ACM TOCS 16(2), 1998: a ballot has one decree,
 * and what a majority has accepted in one ballot is chosen.
 */
import type { NodeId } from "../../../protocol";
import type { Ballot, RegisterState } from "../messages";

export interface Agreement {
  /** Key and ballot -> the state of it, and who has accepted it. */
  readonly ballots: Readonly<
    Record<string, { readonly state: string; readonly voters: readonly NodeId[] }>
  >;
  /** Key and version -> what has been chosen for it. */
  readonly chosen: Readonly<Record<string, string>>;
  /** What is wrong, once it is. */
  readonly conflict?: string;
}

export const nothingYet: Agreement = { ballots: {}, chosen: {} };

export interface Acceptance {
  readonly by: NodeId;
  readonly key: string;
  readonly ballot: Ballot;
  readonly state: RegisterState;
}

/** After one more acceptance, by one of `nodes` acceptors. */
export function withAcceptance(
  past: Agreement,
  { by, key, ballot, state }: Acceptance,
  nodes: number,
): Agreement {
  if (past.conflict !== undefined) return past;
  const name = `${key} ${ballot.count} ${ballot.proposer}`;
  const text = JSON.stringify([state.version, state.value]);
  const known = past.ballots[name] ?? { state: text, voters: [] };
  if (known.state !== text) {
    return { ...past, conflict: `ballot ${name} has ${known.state} and ${text}` };
  }
  if (known.voters.includes(by)) return past;
  const voters = [...known.voters, by].sort();
  const next = { ...past, ballots: { ...past.ballots, [name]: { state: text, voters } } };
  if (2 * voters.length <= nodes || state.version === 0) return next;
  const place = `${key} version ${state.version}`;
  const value = JSON.stringify(state.value);
  const before = past.chosen[place] ?? value;
  if (before === value) return { ...next, chosen: { ...past.chosen, [place]: value } };
  return { ...next, conflict: `${place} was chosen as ${before} and as ${value}` };
}
