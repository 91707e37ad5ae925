/**
 * A worker's thread as an engine sees it, taken from those that wait warm. Its folder is its disk:
 * when the thread dies, the disk is gone with it, as when a machine dies.
 */
import { mkdirSync, rmSync } from "fs";
import { join } from "path";
import type { Worker } from "worker_threads";
import { WarmThreads } from "../basics/warm-threads";
import type { LocalExecutor } from "./local-cluster";

const threads = new WarmThreads(join(__dirname, "map-reduce", "worker-thread.js"));

export class WarmExecutor<
  Request,
  Answer extends { readonly type: string },
> implements LocalExecutor<Request, Answer> {
  private readonly thread: Worker;
  private readonly listeners: [event: string, listener: (value: unknown) => void][] = [];
  private death = "the thread ended";
  private tasks = 0;

  /**
   * `begin`: the first message, before any request. A folder that is kept outlives the thread, as a
   * disk that others reach.
   */
  constructor(
    private readonly folder: string,
    begin: object,
    private readonly isFolderKept = false,
  ) {
    mkdirSync(folder, { recursive: true });
    this.thread = threads.take();
    this.listen("error", (error: Error) => (this.death = error.message));
    this.post(begin);
  }

  /** Does tasks now. */
  get isBusy(): boolean {
    return this.tasks > 0;
  }

  post(message: unknown): void {
    this.thread.postMessage(message);
  }

  execute(request: Request): void {
    this.tasks++;
    this.post(request);
  }

  onAnswer(listener: (answer: Answer) => void): void {
    this.listen("message", (answer: Answer) => {
      if (answer.type !== "progress") this.tasks--;
      listener(answer);
    });
  }

  onExit(listener: (reason: string) => void): void {
    this.listen("exit", () => {
      if (!this.isFolderKept) rmSync(this.folder, { recursive: true, force: true });
      listener(this.death);
    });
  }

  async stop(): Promise<void> {
    await this.thread.terminate();
  }

  /** Gives the thread back to those that wait; a task that still runs cannot be stopped so. */
  protected async giveBack(last?: object): Promise<void> {
    if (this.isBusy) return this.stop();
    for (const [event, listener] of this.listeners) this.thread.off(event, listener);
    if (last !== undefined) this.post(last);
    threads.keep(this.thread);
  }

  private listen<T>(event: string, listener: (value: T) => void): void {
    this.listeners.push([event, listener as (value: unknown) => void]);
    this.thread.on(event, listener);
  }
}
