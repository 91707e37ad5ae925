import { spawn } from "child_process";
import { existsSync } from "fs";
import { dirname, join } from "path";
import { createInterface } from "readline";
import { InputError } from "../../basics";
import { installKernelSpec } from "../../kernel";
import { checkout } from "./notebook";
import type { Notebook } from "./notebook";

const driver = join(checkout, "lib", "cli", "notebooks", "execute.py");

/** How a run went; `cell` is the id of the cell that failed, null where it was none. */
export type Execution = Done | Failed;

interface Done {
  readonly kind: "done";
  readonly text: string;
  readonly html: string | null;
}

interface Failed {
  readonly kind: "failed";
  readonly why: string;
  readonly cell: string | null;
}

export interface ExecuteOptions {
  /** Of `preparePython`. */
  readonly python: string;
  readonly cellTimeoutSeconds: number;
  /** Also make the page of the site. Default false. */
  readonly isHtmlWanted?: boolean;
  readonly onProgress?: (done: number, total: number) => void;
  /** Ends the run and its kernel. */
  readonly signal?: AbortSignal;
}

/**
 * The Python of .venv, in which the kernel is registered anew, as this checkout now starts it.
 * Throws InputError where the set-up has not been run.
 */
export function preparePython(): string {
  const venv = join(checkout, ".venv");
  const python = join(venv, process.platform === "win32" ? "Scripts" : "bin", "python");
  if (existsSync(python)) {
    installKernelSpec(venv);
    return python;
  }
  throw new InputError("there is no .venv yet: run `npm start` or `npm test` once");
}

/** Executes a notebook in the folder of `file` through nbclient and the tslab kernel. */
export async function executeNotebook(
  file: string,
  notebook: Notebook,
  options: ExecuteOptions,
): Promise<Execution> {
  const child = spawn(options.python, [driver], {
    cwd: checkout,
    env: { ...process.env, JUPYTER_PREFER_ENV_PATH: "1", PYTHONWARNINGS: "ignore" },
  });
  const stop = (): void => void child.kill("SIGTERM");
  options.signal?.addEventListener("abort", stop, { once: true });
  const { cellTimeoutSeconds, isHtmlWanted = false } = options;
  const order = { notebook, folder: dirname(file), cellTimeoutSeconds, isHtmlWanted };
  child.stdin.on("error", () => {}); // a driver that ends early is told by its stderr
  child.stdin.end(JSON.stringify(order));
  let errors = "";
  child.stderr.on("data", (chunk) => (errors += String(chunk)));
  let result: Execution | undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    const event = JSON.parse(line) as DriverEvent;
    if (event.kind === "cell") options.onProgress?.(event.done, event.of);
    else result = event;
  }
  options.signal?.removeEventListener("abort", stop);
  options.signal?.throwIfAborted();
  return result ?? { kind: "failed", why: `the runner broke: ${errors.trim()}`, cell: null };
}

/** What execute.py tells, a line each. */
type DriverEvent =
  { readonly kind: "cell"; readonly done: number; readonly of: number } | Execution;
