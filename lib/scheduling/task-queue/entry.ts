/** A task in the queue, and the places in which tasks run. */
import type { InLine } from "./line";
import type { Task, TaskContext, TaskOptions, TaskOutcome } from "./options";

/** Where a task is, and how often it was tried. */
export class Entry implements InLine<Entry> {
  attempts = 0;
  state: "waiting" | "running" | "delayed" | "ended" = "waiting";
  next: Entry | undefined = undefined;
  previous: Entry | undefined = undefined;
  /** Where it runs, and what it was given, while it does. */
  slot: Slot | undefined = undefined;
  context: Context | undefined = undefined;
  /** The wait before the present retry, for decorrelated jitter. */
  backoffMs: number | undefined = undefined;
  /** Ends the attempt, or the wait for a retry. */
  timer: NodeJS.Timeout | undefined = undefined;
  /** Stops listening to the caller's signal. */
  deafen: (() => void) | undefined = undefined;

  constructor(
    readonly task: Task<unknown>,
    readonly options: TaskOptions,
    readonly priority: number,
    readonly resolve: (outcome: TaskOutcome<unknown>) => void,
  ) {}

  clearTimer(): void {
    if (this.timer === undefined) return;
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}

/** What one attempt is given. */
class Context implements TaskContext {
  private controller: AbortController | undefined = undefined;

  constructor(readonly attempt: number) {}

  /** Made when the task first asks: most never do, and it costs more than all the rest. */
  get signal(): AbortSignal {
    this.controller ??= new AbortController();
    return this.controller.signal;
  }

  /** Made if need be: a task may ask for its signal after it was told to stop. */
  abort(reason: unknown): void {
    this.controller ??= new AbortController();
    this.controller.abort(reason);
  }
}

/** What a slot tells of the attempt that was in it. */
export interface SlotOwner {
  succeeded(slot: Slot, entry: Entry, value: unknown): void;
  threw(slot: Slot, entry: Entry, error: unknown): void;
}

/**
 * One of the places in which tasks run. Its two callbacks serve all tasks that ever run in it, so
 * that none are made for each. A slot whose task was given up (`entry` undefined) is used no more:
 * what that task returns later must not be taken for another's.
 */
export class Slot {
  entry: Entry | undefined = undefined;
  private readonly onValue: (value: unknown) => void;
  private readonly onError: (error: unknown) => void;

  constructor(owner: SlotOwner) {
    this.onValue = (value) => {
      if (this.entry !== undefined) owner.succeeded(this, this.entry, value);
    };
    this.onError = (error) => {
      if (this.entry !== undefined) owner.threw(this, this.entry, error);
    };
  }

  /** Starts an attempt; whatever it does is told later, never while this runs. */
  run(entry: Entry): void {
    this.entry = entry;
    entry.slot = this;
    outcomeOf(entry).then(this.onValue, this.onError);
  }
}

function outcomeOf(entry: Entry): Promise<unknown> {
  try {
    const context = new Context(++entry.attempts);
    entry.context = context;
    const result = entry.task(context);
    return result instanceof Promise ? result : Promise.resolve(result);
  } catch (error) {
    return Promise.reject(error);
  }
}
