/** The state as JSON and back, for snapshots. */
import type { Claim, Hold, LockSession, LockState } from "./state";

type SessionJson = Omit<LockSession, "held" | "claims" | "watched"> & {
  readonly held: readonly string[];
  readonly claims: readonly number[];
  readonly watched: readonly string[];
};

export interface LockStateJson {
  readonly counters: Pick<
    LockState,
    "nowMs" | "lastToken" | "lastSession" | "lastClaim" | "lastNews"
  >;
  /** null stands for Infinity. */
  readonly nextDeadlineMs: number | null;
  readonly sessions: readonly SessionJson[];
  readonly sessionOf: readonly (readonly [string, number])[];
  readonly claims: readonly Claim[];
  readonly locks: readonly {
    readonly name: string;
    readonly holders: readonly (readonly [number, Hold])[];
    readonly queue: readonly number[];
    readonly watchers: readonly number[];
  }[];
}

export function lockStateToJson(state: LockState): LockStateJson {
  const { nowMs, lastToken, lastSession, lastClaim, lastNews, nextDeadlineMs } = state;
  return {
    counters: { nowMs, lastToken, lastSession, lastClaim, lastNews },
    nextDeadlineMs: nextDeadlineMs === Infinity ? null : nextDeadlineMs,
    sessions: [...state.sessions.values()].map((session) => {
      const { held, claims, watched } = session;
      return { ...session, held: [...held], claims: [...claims], watched: [...watched] };
    }),
    sessionOf: [...state.sessionOf],
    claims: [...state.claims.values()],
    locks: [...state.locks].map(([name, { holders, queue, watchers }]) => {
      return { name, holders: [...holders], queue, watchers: [...watchers] };
    }),
  };
}

/** Nothing of `json` is kept: what is made of it may change. */
export function lockStateFromJson(json: unknown): LockState {
  const copy = structuredClone(json) as LockStateJson;
  const { counters, nextDeadlineMs, sessions, sessionOf, claims, locks } = copy;
  return {
    ...counters,
    nextDeadlineMs: nextDeadlineMs ?? Infinity,
    recentlyTold: [],
    sessions: new Map(
      sessions.map((session) => {
        const { id, held, claims: own, watched } = session;
        const sets = { held: new Set(held), claims: new Set(own), watched: new Set(watched) };
        return [id, { ...session, ...sets }];
      }),
    ),
    sessionOf: new Map(sessionOf),
    claims: new Map(claims.map((claim) => [claim.id, claim])),
    locks: new Map(
      locks.map(({ name, holders, queue, watchers }) => {
        const entry = { holders: new Map(holders), queue: [...queue], watchers: new Set(watchers) };
        return [name, entry];
      }),
    ),
  };
}
