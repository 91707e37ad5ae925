/**
 * The rules that make a lock service right, each a function on its own, so that a test or a
 * notebook can replace one and see what breaks.
 */
import type { Hold, LockMode, LockState } from "./state";
import type { LockStateJson } from "./json";

export interface LockRules {
  /** Whether a hold may stand beside those that there are. */
  isCompatible(mode: LockMode, others: readonly Hold[]): boolean;
  /** Whose hold a release is of: that of its session by its token, and no later one. */
  released(holders: ReadonlyMap<number, Hold>, session: number, token: number): number | undefined;
  /** The token of a new hold. */
  nextToken(state: LockState): number;
  /** A command that comes again is answered again, and not done again. */
  isRepeated(sequence: number, lastSequence: number): boolean;
  /** News are kept until they are acknowledged: up to this number they are thrown away. */
  forgetNews(seen: number, lastNews: number): number;
  /** What a snapshot holds. */
  snapshot(json: LockStateJson): LockStateJson;
}

export const lockRules: LockRules = {
  isCompatible: (mode, others) =>
    others.length === 0 || (mode === "shared" && others.every((hold) => hold.mode === "shared")),
  released: (holders, session, token) =>
    holders.get(session)?.token === token ? session : undefined,
  nextToken: (state) => state.lastToken + 1,
  isRepeated: (sequence, lastSequence) => sequence === lastSequence,
  forgetNews: (seen) => seen,
  snapshot: (json) => json,
};
