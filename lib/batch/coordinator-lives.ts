/**
 * What the coordinators of all engines save of themselves: `life`, how often there was one before,
 * and `worker/<id>`, the incarnation of each worker that is not known to be lost.
 */
import type { NodeId } from "../protocol";

export type Saved = Readonly<Record<string, unknown>>;

const attemptsPerLife = 1_000_000_000;

/** Attempts of different lives never share a number: an answer cannot be taken for another's. */
export function firstAttemptId(life: number): number {
  return life * attemptsPerLife + 1;
}

/** 0 for the first coordinator of a job. */
export function lifeAfter({ life }: Saved): number {
  return life === undefined ? 0 : (life as number) + 1;
}

const workerPrefix = "worker/";

export function workerKey(id: NodeId): string {
  return `${workerPrefix}${id}`;
}

/** The workers that were known, with their incarnations. */
export function savedWorkers(saved: Saved): Map<NodeId, number> {
  const workers = new Map<NodeId, number>();
  for (const [key, incarnation] of Object.entries(saved)) {
    if (!key.startsWith(workerPrefix)) continue;
    workers.set(key.slice(workerPrefix.length), incarnation as number);
  }
  return workers;
}
