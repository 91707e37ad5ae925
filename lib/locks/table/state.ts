/**
 * What the lock service knows, as plain data: it is the state of a replicated machine, equal on all
 * servers that have applied the same commands. Time in it is the leaders' time, as proposed with
 * each command; nobody's clock is read here.
 */
import type { NodeId } from "../../protocol";

export type LockMode = "exclusive" | "shared";

/** One session's hold on one lock. */
export interface Hold {
  /** The fencing token: greater than every token granted before, of whichever lock. */
  token: number;
  mode: LockMode;
  /** Acquired so many times by its session, less those released. */
  count: number;
}

export interface LockEntry {
  /** By session, oldest first. */
  readonly holders: Map<number, Hold>;
  /** Claims that wait, in the order in which they are served. */
  readonly queue: number[];
  /** Sessions that want to be told of the next change, once. */
  readonly watchers: Set<number>;
}

/** One acquire that is under way: of one lock or of several, or of a shared one made exclusive. */
export interface Claim {
  readonly id: number;
  readonly session: number;
  /** Chosen by the client, repeated in what it is told. */
  readonly label: number;
  /** In order; those before `next` are held already. */
  readonly names: readonly string[];
  next: number;
  readonly mode: LockMode;
  readonly isUpgrade: boolean;
  /** Given up then; null: waits for ever. */
  readonly deadlineMs: number | null;
}

/**
 * Which of a client's openings: its life, a number drawn at its start, and how many it has made
 * since. A client that does not know its life any more is told apart by what it has drawn.
 */
export type Opening = readonly [life: number, drawn: number, count: number];

export interface LockSession {
  readonly id: number;
  readonly client: NodeId;
  readonly opening: Opening;
  readonly ttlMs: number;
  deadlineMs: number;
  readonly held: Set<string>;
  readonly claims: Set<number>;
  readonly watched: Set<string>;
  /** Of the last command, with what was answered: a repetition gets the same. */
  lastSequence: number;
  lastAnswer: LockAnswer | null;
  /** What it has not acknowledged yet, oldest first. */
  readonly news: LockNews[];
}

export interface LockState {
  nowMs: number;
  lastToken: number;
  lastSession: number;
  lastClaim: number;
  /** Numbers what sessions are told, over all sessions. */
  lastNews: number;
  /** Nothing can expire before this. */
  nextDeadlineMs: number;
  /** Whom the latest news were for: spares a search, and is not kept in snapshots. */
  readonly recentlyTold: { readonly number: number; readonly session: number }[];
  readonly sessions: Map<number, LockSession>;
  /** The latest session of each client. */
  readonly sessionOf: Map<NodeId, number>;
  readonly claims: Map<number, Claim>;
  /** Only those that are held, waited for or watched. */
  readonly locks: Map<string, LockEntry>;
}

export type Tokens = Readonly<Record<string, number>>;

/** What a session is told without having asked just now. */
export type LockNews = { readonly number: number; readonly label: number } & (
  | { readonly kind: "granted"; readonly tokens: Tokens }
  /** Not done, and what the claim held already is free again. */
  | { readonly kind: "denied"; readonly why: "timedOut" | "deadlock" }
  /** A watched lock has changed hands. */
  | { readonly kind: "changed"; readonly name: string }
);

export type LockAnswer =
  | { readonly kind: "opened"; readonly session: number; readonly ttlMs: number }
  | { readonly kind: "alive"; readonly news: readonly LockNews[] }
  | { readonly kind: "granted"; readonly tokens: Tokens }
  | { readonly kind: "queued"; readonly ahead: number }
  /** Not done: it is held, and the request would not wait, or could only wait for ever. */
  | { readonly kind: "denied"; readonly why: "taken" | "deadlock" | "timedOut" }
  /** `left`: how many times its session still has it. */
  | { readonly kind: "released"; readonly left: number }
  /** The session does not hold that, or not by this token. */
  | { readonly kind: "notHeld" }
  | { readonly kind: "watching"; readonly holders: number }
  /** It waits no longer, and what it had taken is free; or it had its answer before. */
  | { readonly kind: "withdrawn" | "notWaiting" }
  | { readonly kind: "closed" }
  /** The session is not, or no longer. */
  | { readonly kind: "noSession" }
  | { readonly kind: "invalid"; readonly reason: string };

export function emptyLockState(): LockState {
  return {
    nowMs: 0,
    lastToken: 0,
    lastSession: 0,
    lastClaim: 0,
    lastNews: 0,
    nextDeadlineMs: Infinity,
    recentlyTold: [],
    sessions: new Map(),
    sessionOf: new Map(),
    claims: new Map(),
    locks: new Map(),
  };
}
