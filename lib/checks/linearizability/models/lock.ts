import { illegal } from "../model";
import type { Model, ModelCall } from "../model";
import { describeCall, keyOf } from "./words";

const acquires = ["acquire", "lock"];
const releases = ["release", "unlock"];

/**
 * A lock, one for each key, free at first: acquire succeeds when it is free, release when it is
 * held, by whomever; tokens that they answer are not judged. That is Knossos' mutex; it judges
 * clients that come back under another name.
 */
export function lock(): Model<boolean> {
  return {
    name: "lock",
    operations: [...acquires, ...releases],
    callIdentity: ({ f, isKnown }) => `${f} ${isKnown}`,
    initial: () => false,
    step: stepLock,
    partition: keyOf,
    describe: describeCall,
    describeState: (isHeld) => (isHeld ? "held" : "free"),
  };
}

/** As `lock`, but only the process that holds it may release it. */
export function ownedLock(): Model<number | string | null> {
  return {
    name: "owned-lock",
    operations: [...acquires, ...releases],
    isByProcess: true,
    callIdentity: ({ f, isKnown, process }) => JSON.stringify([f, isKnown, process]),
    initial: () => null,
    step(holder, call) {
      const caller = call.process ?? null;
      const isTheirs = acquires.includes(call.f) ? holder === null : holder === caller;
      if (isTheirs) return acquires.includes(call.f) ? caller : null;
      return call.isKnown ? illegal : holder;
    },
    partition: keyOf,
    describe: describeCall,
    describeState: (holder) => (holder === null ? "free" : `held by process ${holder}`),
  };
}

/** An acquire or release of unknown outcome that was not possible has changed nothing. */
function stepLock(isHeld: boolean, call: ModelCall): boolean | typeof illegal {
  const isAcquire = acquires.includes(call.f);
  if (isAcquire !== isHeld) return isAcquire;
  return call.isKnown ? illegal : isHeld;
}
