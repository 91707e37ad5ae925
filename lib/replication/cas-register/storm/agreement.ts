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

/** After a vote has been cast: whether it counts or not, its ballot has one state. */
export function withCast(past: Agreement, { key, ballot, state }: Acceptance): Agreement {
  if (past.conflict !== undefined) return past;
  const name = nameOf(key, ballot);
  const text = textOf(state);
  const known = past.ballots[name];
  if (known === undefined) {
    return { ...past, ballots: { ...past.ballots, [name]: { state: text, voters: [] } } };
  }
  if (known.state === text) return past;
  return { ...past, conflict: `ballot ${name} has ${known.state} and ${text}` };
}

function nameOf(key: string, { count, proposer }: Ballot): string {
  return `${key} ${count} ${proposer}`;
}

function textOf({ version, value }: RegisterState): string {
  return JSON.stringify([version, value]);
}

/** After one more acceptance, by one of `nodes` acceptors. */
export function withAcceptance(before: Agreement, vote: Acceptance, nodes: number): Agreement {
  const past = withCast(before, vote);
  if (past.conflict !== undefined) return past;
  const { by, key, ballot, state } = vote;
  const name = nameOf(key, ballot);
  const text = textOf(state);
  const known = past.ballots[name] ?? { state: text, voters: [] };
  if (known.voters.includes(by)) return past;
  const voters = [...known.voters, by].sort();
  const next = { ...past, ballots: { ...past.ballots, [name]: { state: text, voters } } };
  if (2 * voters.length <= nodes || state.version === 0) return next;
  const place = `${key} version ${state.version}`;
  const value = JSON.stringify(state.value);
  const other = past.chosen[place] ?? value;
  if (other === value) return { ...next, chosen: { ...past.chosen, [place]: value } };
  return { ...next, conflict: `${place} was chosen as ${other} and as ${value}` };
}
