/** What threads of a team are given to do, and what they tell. */
import type { Team } from "./team";

/** A module with the work of one member of a team; `input` lies in shared memory. */
export interface Kernel<Input> {
  run(input: Input, team: Team, tell: (done: number, total: number) => void): void;
}

export interface ThreadRequest {
  readonly file: string;
  readonly input: unknown;
  readonly control: Int32Array;
  readonly worker: number;
  readonly workers: number;
}

export type ThreadAnswer =
  | { readonly kind: "progress"; readonly done: number; readonly total: number }
  | { readonly kind: "ended" };
