/**
 * One run of a handler outside the worker's fields, which are plain data. What is known when it
 * returns is the worker's at once; what comes later, comes to it as a message.
 */
import { hasWayIn, tellFromOutside } from "../protocol";
import type { NodeId } from "../protocol";
import type { HandlerContext, TaskHandler } from "./handlers";
import type { Handled, HandlerOutcome } from "./messages";
import type { Lease } from "./task";

export interface HandlerRun {
  readonly worker: NodeId;
  readonly life: number;
  readonly lease: Lease;
}

/** Those whose promise is open, by worker and task. */
const open = new Map<string, Context>();

/** Characters of a reason that are kept. */
const longestReason = 1_000;

/** What the handler has told by the time it returns; without "done" or "failed" it still runs. */
export function runHandler(handler: TaskHandler, run: HandlerRun): HandlerOutcome[] {
  const context = new Context(run);
  try {
    const result = handler(run.lease.payload, run.lease, context);
    context.end(isThenable(result) ? awaitLater(result, context) : done(result));
  } catch (error) {
    context.end(failed(error));
  }
  return context.takeAll();
}

/** The attempt is not the worker's any more: its signal aborts, and nobody hears of it again. */
export function abandonRun(worker: NodeId, id: string): void {
  const context = open.get(keyOf(worker, id));
  open.delete(keyOf(worker, id));
  context?.abort();
}

/** The worker has started anew: what its last life began is nobody's. */
export function abandonRuns(worker: NodeId): void {
  for (const { run } of [...open.values()]) {
    if (run.worker === worker) abandonRun(worker, run.lease.id);
  }
}

class Context implements HandlerContext {
  private controller: AbortController | undefined;
  private isAborted = false;
  private isOver = false;
  /** Told while the handler's call is not over; undefined afterwards. */
  private told: HandlerOutcome[] | undefined = [];

  constructor(readonly run: HandlerRun) {}

  get signal(): AbortSignal {
    this.controller ??= new AbortController();
    if (this.isAborted) this.controller.abort();
    return this.controller.signal;
  }

  /** Bound, since handlers take their context apart. */
  readonly tellProgress = (progress: unknown): void => {
    const flaw = flawOf(progress);
    if (flaw !== undefined) throw new TypeError(`its progress ${flaw}`);
    if (!this.isOver && !this.isAborted) this.tell({ kind: "progress", progress });
  };

  end(outcome: HandlerOutcome | undefined): void {
    if (outcome === undefined || this.isOver) return;
    this.isOver = true;
    const { worker, lease } = this.run;
    if (open.get(keyOf(worker, lease.id)) === this) open.delete(keyOf(worker, lease.id));
    if (!this.isAborted) this.tell(outcome);
  }

  abort(): void {
    this.isAborted = true;
    this.controller?.abort();
  }

  /** From here on it speaks by messages. */
  takeAll(): HandlerOutcome[] {
    const { told = [] } = this;
    this.told = undefined;
    return told;
  }

  private tell(outcome: HandlerOutcome): void {
    if (this.told !== undefined) return void this.told.push(outcome);
    const { worker, life, lease } = this.run;
    const { id, attempt } = lease;
    tellFromOutside(worker, { type: "handled", id, attempt, life, outcome } as Handled);
  }
}

function awaitLater(promise: PromiseLike<unknown>, context: Context): HandlerOutcome | undefined {
  const settled = Promise.resolve(promise).then(done).catch(failed);
  if (!hasWayIn()) {
    return failed("its handler returned a promise: only threads and processes wait for one");
  }
  open.set(keyOf(context.run.worker, context.run.lease.id), context);
  void settled.then((outcome) => context.end(outcome));
  return undefined;
}

function done(result: unknown): HandlerOutcome {
  const flaw = flawOf(result);
  if (flaw !== undefined) throw new TypeError(`its result ${flaw}`);
  return { kind: "done", result: result ?? null };
}

/** Whatever was thrown: an error, a text, or nothing at all. */
function failed(error: unknown): HandlerOutcome {
  const text = error instanceof Error && error.message !== "" ? error.message : String(error);
  const isFinal = (error as { isFinal?: unknown } | null | undefined)?.isFinal === true;
  return { kind: "failed", reason: text.slice(0, longestReason), isFinal };
}

/** Why a value cannot travel; undefined: it can. */
function flawOf(value: unknown): string | undefined {
  if (value === null || ["undefined", "string", "number", "boolean"].includes(typeof value)) {
    return undefined;
  }
  try {
    return JSON.stringify(value) === undefined ? `is a ${typeof value}, no JSON` : undefined;
  } catch (error) {
    return `is no JSON: ${(error as Error).message.split("\n")[0]}`;
  }
}

function isThenable(result: unknown): result is PromiseLike<unknown> {
  return typeof (result as { then?: unknown } | null | undefined)?.then === "function";
}

function keyOf(worker: NodeId, id: string): string {
  return `${worker}\n${id}`;
}
