/** A task board and one worker that does one task after the other, each in the same time. */
import type { TaskBoard, TaskSpec } from "../../../scheduling";

export interface ServedTask {
  readonly id: string;
  /** When it began. */
  readonly atMs: number;
}

export interface AloneOptions {
  /** Ends then, whatever waits. */
  readonly untilMs: number;
  /** Default 100 ms. */
  readonly taskMs?: number;
  /** The worker's capability; default "k". */
  readonly kind?: string;
  /** Submitted before the worker is given its next task. */
  readonly more?: (atMs: number) => readonly TaskSpec[];
}

/** In the order in which they began. */
export function serveAlone(board: TaskBoard, options: AloneOptions): ServedTask[] {
  const { untilMs, taskMs = 100, kind = "k", more } = options;
  const begun: ServedTask[] = [];
  const worker = { op: "work", worker: "w1", incarnation: [1, 1], capacity: 1 } as const;
  let finished: { id: string; attempt: number; result: null }[] = [];
  for (let turn = 0; turn * taskMs < untilMs; turn++) {
    const atMs = turn * taskMs;
    if (more !== undefined) board.do({ op: "submit", tasks: more(atMs) }, { atMs });
    const word = { ...worker, capabilities: [kind], sequence: turn + 1, finished };
    const heard = board.do(word, { atMs });
    const leases = heard.kind === "work" ? heard.leases : [];
    begun.push(...leases.map(({ id }) => ({ id, atMs })));
    finished = leases.map(({ id, attempt }) => ({ id, attempt, result: null }));
  }
  return begun;
}
