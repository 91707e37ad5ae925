/** Starts and ends the back ends of back-end-process.ts. */
import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { join } from "node:path";

export interface BackEndProcess {
  readonly id: string;
  readonly port: number;
  /** Ends it at once, as `kill -9` does. */
  kill(): void;
}

/** Resolves when it listens; rejects when it ends before. */
export async function startBackEnd(id: string, rounds: number): Promise<BackEndProcess> {
  const child: ChildProcess = fork(join(__dirname, "back-end-process.js"), [id, `${rounds}`], {
    // A child of Jupyter's kernel must not write into its streams, nor take over its flags.
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    execArgv: [],
  });
  const port = await new Promise<number>((listens, failed) => {
    child.once("message", (message) => listens(Number(message)));
    child.once("exit", () => failed(new Error(`the back end ${id} ended before it listened`)));
  });
  return { id, port, kill: () => child.kill("SIGKILL") };
}
