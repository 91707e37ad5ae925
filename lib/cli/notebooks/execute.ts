import { spawn } from "child_process";
import { existsSync } from "fs";
import { dirname, join } from "path";
import { createInterface } from "readline";
import { InputError } from "../../basics";
import type { Notebook } from "./notebook";

const root = join(__dirname, "..", "..", "..", "..");
const driver = join(root, "lib", "cli", "notebooks", "execute.py");

export type Execution =
  | { readonly kind: "done"; readonly text: string }
  | { readonly kind: "failed"; readonly why: string; readonly cell: string | null };

export interface ExecuteOptions {
  readonly cellTimeoutSeconds: number;
  /** The HTML file to write, if any. */
  readonly html?: string;
  readonly onProgress?: (done: number, total: number) => void;
}

/** The Python of .venv. Throws InputError where the set-up has not been run. */
export function venvPython(): string {
  const folder = process.platform === "win32" ? "Scripts" : "bin";
  const python = join(root, ".venv", folder, "python");
  if (existsSync(python)) return python;
  throw new InputError("there is no .venv yet: run `npm start` or `npm test` once");
}

/** Executes a notebook in the folder of `file` through nbclient and the tslab kernel. */
export async function executeNotebook(
  file: string,
  notebook: Notebook,
  options: ExecuteOptions,
): Promise<Execution> {
  const python = venvPython();
  const child = spawn(python, [driver], {
    cwd: root,
    env: { ...process.env, JUPYTER_PREFER_ENV_PATH: "1", PYTHONWARNINGS: "ignore" },
  });
  const { cellTimeoutSeconds, html = null } = options;
  child.stdin.end(JSON.stringify({ notebook, folder: dirname(file), cellTimeoutSeconds, html }));
  let errors = "";
  child.stderr.on("data", (chunk) => (errors += String(chunk)));
  let result: Execution | undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    const event = JSON.parse(line) as Record<string, unknown> & { event: string };
    if (event.event === "cell")
      options.onProgress?.(event["done"] as number, event["of"] as number);
    if (event.event === "done") result = { kind: "done", text: event["text"] as string };
    if (event.event === "failed") result = { kind: "failed", ...failure(event) };
  }
  return result ?? { kind: "failed", why: `the runner broke: ${errors.trim()}`, cell: null };
}

function failure(event: Record<string, unknown>): { why: string; cell: string | null } {
  return { why: event["why"] as string, cell: event["cell"] as string | null };
}
