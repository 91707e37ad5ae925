/** What a session can ask of the lock service, and what of that is nonsense. */
import type { NodeId } from "../../protocol";
import type { LockMode, Opening } from "./state";

/** As a client writes it; `sequence` rises by one with each command of a session. */
export type LockCommand =
  | { readonly op: "open"; readonly opening: Opening; readonly ttlMs: number }
  /** `seen`: news up to this number have arrived. */
  | { readonly op: "keepAlive"; readonly session: number; readonly seen: number }
  | {
      readonly op: "acquire";
      readonly session: number;
      readonly sequence: number;
      readonly label: number;
      readonly names: readonly string[];
      readonly mode: LockMode;
      /** 0: do not wait at all; null: wait for ever. */
      readonly waitMs: number | null;
    }
  | {
      readonly op: "upgrade";
      readonly session: number;
      readonly sequence: number;
      readonly label: number;
      readonly name: string;
      readonly waitMs: number | null;
    }
  /** An exclusive lock becomes a shared one, at once and without letting anybody in between. */
  | {
      readonly op: "downgrade";
      readonly session: number;
      readonly sequence: number;
      readonly name: string;
      readonly token: number;
    }
  | {
      readonly op: "release";
      readonly session: number;
      readonly sequence: number;
      readonly name: string;
      readonly token: number;
    }
  | {
      readonly op: "watch";
      readonly session: number;
      readonly sequence: number;
      readonly name: string;
    }
  /** The acquire or upgrade of that label shall wait no longer. */
  | {
      readonly op: "withdraw";
      readonly session: number;
      readonly sequence: number;
      readonly asked: number;
    }
  | { readonly op: "close"; readonly session: number; readonly sequence: number }
  /** Of the leader itself: time goes on. */
  | { readonly op: "tick" };

/** What the leader adds: its time, and who asks. */
export type StampedCommand = LockCommand & { readonly atMs: number; readonly client: NodeId };

export const maxTtlMs = 3_600_000;
const maxNames = 64;
const maxNameLength = 256;
const known = "open, keepAlive, acquire, upgrade, downgrade, release, watch, withdraw and close";

/** Why a command cannot be understood; undefined when it can. */
export function flawOf(command: StampedCommand): string | undefined {
  if (typeof command !== "object" || command === null) return "a command is an object";
  if (!Number.isFinite(command.atMs)) return "the leader has not stamped the command";
  switch (command.op) {
    case "tick":
      return undefined;
    case "open": {
      const isTime = command.ttlMs > 0 && command.ttlMs <= maxTtlMs;
      if (!isTime) return `ttlMs must be above 0, and at most ${maxTtlMs}`;
      const isThree = Array.isArray(command.opening) && command.opening.length === 3;
      return isThree ? undefined : "opening must be three numbers";
    }
    case "keepAlive":
      return undefined;
    case "acquire":
      return flawOfAcquire(command);
    case "upgrade":
      return flawOfName(command.name) ?? flawOfWait(command.waitMs);
    case "downgrade":
    case "release":
    case "watch":
      return flawOfName(command.name);
    case "withdraw":
      return Number.isFinite(command.asked) ? undefined : "asked must be the label of a claim";
    case "close":
      return undefined;
    default:
      return `known are ${known}`;
  }
}

function flawOfAcquire(command: Extract<LockCommand, { op: "acquire" }>): string | undefined {
  const { names, mode, waitMs } = command;
  if (!Array.isArray(names) || names.length === 0 || names.length > maxNames) {
    return `names must be 1 to ${maxNames} names of locks`;
  }
  if (mode !== "exclusive" && mode !== "shared") return "mode must be exclusive or shared";
  return (names as string[]).map(flawOfName).find(Boolean) ?? flawOfWait(waitMs);
}

function flawOfName(name: unknown): string | undefined {
  const isName = typeof name === "string" && name !== "" && name.length <= maxNameLength;
  return isName ? undefined : `a lock has a name of 1 to ${maxNameLength} characters`;
}

function flawOfWait(waitMs: number | null): string | undefined {
  if (waitMs === null || (Number.isFinite(waitMs) && waitMs >= 0)) return undefined;
  return "waitMs must be 0 or more, or null to wait for ever";
}
