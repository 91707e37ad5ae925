/** The lock service as a state machine that Raft replicates, by the name "locks". */
import type { Machine } from "../../consensus/raft";
import { applyCommand } from "./apply";
import type { StampedCommand } from "./commands";
import { lockStateFromJson, lockStateToJson } from "./json";
import type { LockStateJson } from "./json";
import { lockRules } from "./rules";
import type { LockRules } from "./rules";
import { emptyLockState } from "./state";
import type { LockMode, LockState } from "./state";

/** Who has a lock, and how many wait; linearizable like any read of Raft. */
export interface LockQuery {
  readonly op: "look";
  readonly name: string;
}

export interface LockView {
  readonly kind: "ok";
  readonly holders: readonly {
    readonly client: string;
    readonly token: number;
    readonly mode: LockMode;
    readonly count: number;
  }[];
  readonly waiting: number;
}

/** The machine, or one with some rules replaced, for planted bugs. */
export function lockMachine(name = "locks", changes: Partial<LockRules> = {}): Machine<LockState> {
  const rules = { ...lockRules, ...changes };
  return {
    name,
    initial: emptyLockState,
    apply: (state, command) => applyCommand({ state, rules }, command as StampedCommand),
    query: (state, query) => look(state, query as LockQuery),
    toJson: (state) => rules.snapshot(lockStateToJson(state)),
    fromJson: (json) => lockStateFromJson(json as LockStateJson),
  };
}

function look(state: LockState, query: LockQuery): unknown {
  if (query?.op !== "look" || typeof query.name !== "string") {
    return { kind: "invalid", reason: "the lock service answers { op: 'look', name }" };
  }
  const entry = state.locks.get(query.name);
  const holders = [...(entry?.holders ?? [])].map(([session, { token, mode, count }]) => {
    return { client: state.sessions.get(session)?.client ?? "", token, mode, count };
  });
  return { kind: "ok", holders, waiting: entry?.queue.length ?? 0 } satisfies LockView;
}
