import { illegal } from "../model";
import type { Model, ModelCall } from "../model";
import { describeCall, keyOf } from "./words";

/** What every call of a leased lock is given. */
interface Wish {
  /** Of one hold: its acquire, and the release or expiry that ends it. */
  readonly label: string;
  /** Default exclusive. */
  readonly mode?: "exclusive" | "shared";
}

interface LeasedLockState {
  /** Labels of those that hold it: one, or several that share. */
  readonly holders: readonly string[];
  readonly isShared: boolean;
  /** The greatest fencing token so far. */
  readonly lastToken: number;
}

/**
 * A lock with leases and fencing tokens, one for each key. Argument of every call: { label, mode }.
 * acquire and upgrade answer a token greater than all before; downgrade its hold's own; release
 * answers how many times it is still held, or -1 if it was not. "expire", whose outcome is never
 * known, may end its hold at any time after its call, or never.
 */
export function leasedLock(): Model<LeasedLockState> {
  return {
    name: "leased-lock",
    operations: ["acquire", "upgrade", "downgrade", "release", "expire"],
    initial: () => ({ holders: [], isShared: false, lastToken: 0 }),
    step(state, call) {
      if (call.f === "release" || call.f === "expire") return end(state, call);
      if (call.f === "downgrade") return share(state, call);
      return begin(state, call);
    },
    partition: keyOf,
    describe: describeCall,
    describeState: ({ holders, lastToken }) =>
      `${holders.length === 0 ? "free" : `held by ${holders.join(" and ")}`}, token ${lastToken}`,
  };
}

/** What was not answered, and was not possible, has changed nothing. */
function begin(state: LeasedLockState, call: ModelCall): LeasedLockState | typeof illegal {
  const { label, mode = "exclusive" } = call.input as Wish;
  const { holders, isShared, lastToken } = state;
  const isUpgrade = call.f === "upgrade";
  const others = isUpgrade ? holders.filter((holder) => holder !== label) : holders;
  const wants = isUpgrade ? "exclusive" : mode;
  const isFree = others.length === 0 || (wants === "shared" && isShared);
  const token = call.isKnown ? (call.output as number) : lastToken;
  const isSameHold = isUpgrade && !isShared && holders[0] === label && token === lastToken;
  if (!isFree || (call.isKnown && token <= lastToken && !isSameHold)) {
    return call.isKnown ? illegal : state;
  }
  return { holders: [...others, label].sort(), isShared: wants === "shared", lastToken: token };
}

/** Of an exclusive holder, who is then one of those that share; a shared one stays what it is. */
function share(state: LeasedLockState, call: ModelCall): LeasedLockState | typeof illegal {
  const { label } = call.input as Wish;
  const isHeld = state.holders.includes(label);
  if (call.isKnown && (!isHeld || (call.output as number) > state.lastToken)) return illegal;
  return isHeld ? { ...state, isShared: true } : state;
}

function end(state: LeasedLockState, call: ModelCall): LeasedLockState | typeof illegal {
  const { label } = call.input as Wish;
  const isHeld = state.holders.includes(label);
  if (call.isKnown && isHeld !== (call.output as number) >= 0) return illegal;
  if (!isHeld) return state;
  return { ...state, holders: state.holders.filter((holder) => holder !== label) };
}
