import type { TaskProgress } from "./task-worker";

/** Progress is told no more often. */
const progressMs = 100;

/** A message for every block costs a fast job a twentieth; heartbeats carry the last one. */
export function progressTeller(
  attemptId: number,
  tell: (progress: TaskProgress) => void,
): (fraction: number) => void {
  let nextMs = performance.now() + progressMs;
  return (fraction) => {
    if (performance.now() < nextMs) return;
    nextMs = performance.now() + progressMs;
    tell({ type: "progress", attemptId, fraction });
  };
}
