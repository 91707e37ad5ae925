import type { ControlNote } from "./local-cluster";

/** How many tasks were done when this process took the job up. */
export function keptTasks(notes: readonly ControlNote[]): number {
  const resumed = notes.find(({ label }) => label === "coordinatorResumed");
  return (resumed?.detail as { readonly done: readonly number[] } | undefined)?.done.length ?? 0;
}
