/** What the threads of one team share, and the messages between them and who started them. */
import type { ProgramReference } from "./program";

/** How parts are handed on. `static`: dealt out before the start, in equal numbers. */
export type SharingPolicy = "stealing" | "sharing" | "static";

/** Parts that are open, and whether all have to stop: words of the control memory. */
export const [openAt, stopAt, controlWords] = [0, 16, 32];

export interface TeamSetup {
  readonly index: number;
  readonly control: SharedArrayBuffer;
  /** One for each thread. */
  readonly deques: readonly SharedArrayBuffer[];
  readonly queue: SharedArrayBuffer;
  readonly program: ProgramReference;
}

/** To a thread: begin with these parts. */
export interface TeamOrder {
  readonly policy: SharingPolicy;
  readonly parts: readonly number[];
  readonly seed: number;
}

/** What a thread has done in one run. */
export interface ThreadTally {
  /** The sum of what its parts returned. */
  readonly sum: number;
  readonly parts: number;
  /** Parts that its parts split into. */
  readonly spawned: number;
  /** Parts from other threads' deques, and how often it tried to get one. */
  readonly steals: number;
  readonly attempts: number;
  /** ms in which it ran parts. */
  readonly busyMs: number;
}

/** From a thread. */
export type TeamNews =
  | { readonly kind: "ready" }
  | { readonly kind: "done"; readonly tally: ThreadTally }
  | { readonly kind: "failed"; readonly message: string };
