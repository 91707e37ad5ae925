/**
 * Watches the one place where stock tslab runs a compiled cell (vm.runInThisContext), to learn
 * what the cell threw, and what its last expression was: tslab itself only prints them.
 */
import vm from "vm";
import { kernelTimers } from "./kernel-timers";

export type Outcome =
  | { readonly kind: "done"; readonly value: unknown }
  | { readonly kind: "thrown"; readonly error: unknown }
  | { readonly kind: "interrupted" };

export interface Run {
  /** The JavaScript as it was run. */
  readonly emitted: string;
  /** Settles when the cell ends or is interrupted; never rejects. */
  readonly outcome: Promise<Outcome>;
  interrupt(): void;
}

const cellStart = /^\((async )?function\(exports, require\) \{ /;
const lastExpression = /exports\.(tsLastExpr\d*)\b/;

export interface RunWatcher {
  /** The name under which the next cell runs. */
  fileName(): string;
  onRun(run: Run): void;
}

/** Tells the watcher of each cell that is run from now on. */
export function watchRuns({ fileName, onRun }: RunWatcher): void {
  const original = vm.runInThisContext;
  vm.runInThisContext = (code, options) => {
    if (!cellStart.test(code)) return original.call(vm, code, options) as unknown;
    const named = { ...(options as vm.RunningScriptOptions), filename: fileName() };
    let settle: (outcome: Outcome) => void = () => {};
    let isInterrupted = false;
    const outcome = new Promise<Outcome>((resolve) => (settle = resolve));
    const interrupt = (): void => {
      isInterrupted = true;
      settle({ kind: "interrupted" });
    };
    onRun({ emitted: code, outcome, interrupt });
    // In a turn of its own: an interrupt unwinds whatever waits on the stack below.
    kernelTimers.setImmediate(() => {
      if (isInterrupted) return;
      try {
        const returned = original.call(vm, code, named) as unknown;
        if (!code.startsWith("(async")) settle({ kind: "done", value: takeLastExpression(code) });
        else watchPromise(returned as Promise<unknown>, code, settle);
      } catch (error) {
        settle(isInterruption(error) ? { kind: "interrupted" } : { kind: "thrown", error });
      }
    });
    return outcome;
  };
}

function watchPromise(
  promise: Promise<unknown>,
  code: string,
  settle: (outcome: Outcome) => void,
): void {
  promise.then(
    () => settle({ kind: "done", value: takeLastExpression(code) }),
    (error) => settle(isInterruption(error) ? { kind: "interrupted" } : { kind: "thrown", error }),
  );
}

/** The value of the last expression; taken out, so that tslab does not print it as well. */
function takeLastExpression(code: string): unknown {
  const name = lastExpression.exec(code)?.[1];
  const shared = (globalThis as { __tslab__?: { exports: Record<string, unknown> } }).__tslab__;
  if (name === undefined || shared === undefined) return undefined;
  const value = shared.exports[name];
  delete shared.exports[name];
  return value;
}

function isInterruption(error: unknown): boolean {
  return (error as NodeJS.ErrnoException | null)?.code === "ERR_SCRIPT_EXECUTION_INTERRUPTED";
}
