/**
 * The data plane of one simulated worker: sorts splits into runs on its machine's disk, fetches
 * runs from the others to merge a range, and writes the range to the output.
 *
 * Source: O'Malley 2008. Assumes: messages may be lost or doubled; a disk may be lost in a crash.
 * Guarantees: one answer for each request; a run is on the disk before the answer that names it.
 * Cost: a timer a task, by its records; two messages a run that is fetched.
 */
import type { Event, Host, Node, NodeId } from "../../../protocol";
import type { ExecuteSort, RunRef, SortTask, Splitter } from "../tasks";
import type { SimulatedRecord, SortSimulationMessage } from "./messages";

export interface SortExecutorOptions {
  readonly worker: NodeId;
  readonly output: NodeId;
  /** Keys by place in the input; a "byte" of a split is a record. */
  readonly keys: readonly string[];
  readonly msPerRecord: number;
  readonly retryMs: number;
  /** Times that a run is asked for before it counts as lost. */
  readonly fetchTries: number;
}

const defaults: SortExecutorOptions = {
  worker: "",
  output: "out",
  keys: [],
  msPerRecord: 20,
  retryMs: 400,
  fetchTries: 5,
};

type ExecutorHost = Host<SortSimulationMessage, "work" | "retry">;

interface Work {
  readonly request: ExecuteSort;
  readonly fetched: Map<number, readonly SimulatedRecord[]>;
  step: "fetch" | "work" | "write";
  triesLeft: number;
}

const samplesPerRun = 6;

export class SimulatedSortExecutor implements Node<SortSimulationMessage, "work" | "retry"> {
  private readonly options: SortExecutorOptions;
  private readonly disk = new Map<number, readonly SimulatedRecord[]>();
  private readonly queue: ExecuteSort[] = [];
  private work: Work | undefined;

  constructor(
    readonly id: NodeId,
    _peers: readonly NodeId[],
    options: Partial<SortExecutorOptions> = {},
  ) {
    this.options = { ...defaults, ...options };
  }

  handle(event: Event<SortSimulationMessage, "work" | "retry">, host: ExecutorHost): void {
    if (event.kind === "start") {
      for (const [key, run] of Object.entries(event.saved)) {
        this.disk.set(Number(key.slice("run/".length)), run as SimulatedRecord[]);
      }
    } else if (event.kind === "timer") {
      if (event.timer === "work") this.worked(host);
      else this.retry(host);
    } else this.hear(event.from, event.message, host);
  }

  private hear(from: NodeId, message: SortSimulationMessage, host: ExecutorHost): void {
    const { work } = this;
    if (message.type === "execute") {
      this.queue.push(message);
      this.next(host);
    } else if (message.type === "fetch") {
      const records = this.disk.get(message.runTaskId);
      host.send(from, { ...message, type: "fetched", from: this.options.worker, records });
    } else if (message.type === "fetched" && message.attemptId === work?.request.attemptId) {
      if (message.records === undefined) return this.lose(work, host, [message.runTaskId]);
      work.fetched.set(message.runTaskId, message.records);
      this.mergeIfComplete(work, host);
    } else if (message.type === "written" && message.attemptId === work?.request.attemptId) {
      if (work.step === "write") this.answer(host, { runs: [] });
    }
  }

  private next(host: ExecutorHost): void {
    if (this.work !== undefined) return;
    const request = this.queue.shift();
    if (request === undefined) return;
    const { fetchTries } = this.options;
    this.work = { request, fetched: new Map(), step: "fetch", triesLeft: fetchTries };
    const { task } = request;
    if (task.kind === "merge") return this.fetch(this.work, task.runs, host);
    this.work.step = "work";
    this.begin(host, task.split.endByte - task.split.startByte);
  }

  private begin(host: ExecutorHost, records: number): void {
    host.setTimer("work", this.options.msPerRecord * (1 + records) * (0.5 + host.random()));
  }

  private fetch(work: Work, runs: readonly RunRef[], host: ExecutorHost): void {
    for (const { taskId, worker } of runs) {
      if (work.fetched.has(taskId)) continue;
      const { attemptId } = work.request;
      host.send(`x${worker}`, { type: "fetch", attemptId, runTaskId: taskId });
    }
    host.setTimer("retry", this.options.retryMs);
  }

  private mergeIfComplete(work: Work, host: ExecutorHost): void {
    const { task } = work.request;
    if (task.kind !== "merge" || work.step !== "fetch") return;
    if (work.fetched.size < task.runs.length) return;
    work.step = "work";
    host.cancelTimer("retry");
    this.begin(host, this.range(work, task).length);
  }

  private retry(host: ExecutorHost): void {
    const { work } = this;
    if (work === undefined || work.request.task.kind !== "merge") return;
    const { task } = work.request;
    work.triesLeft--;
    if (work.step === "write") return this.write(work, task, host);
    if (work.step !== "fetch") return;
    if (work.triesLeft > 0) return this.fetch(work, task.runs, host);
    const missing = task.runs.filter(({ taskId }) => !work.fetched.has(taskId));
    this.lose(
      work,
      host,
      missing.map(({ taskId }) => taskId),
    );
  }

  private lose(work: Work, host: ExecutorHost, runTaskIds: readonly number[]): void {
    const { task, attemptId } = work.request;
    if (task.kind !== "merge" || work.step !== "fetch") return;
    const lostRuns = task.runs.filter(({ taskId }) => runTaskIds.includes(taskId));
    const reason = `runs ${runTaskIds.join(", ")} are lost`;
    host.send(this.options.worker, { type: "failed", attemptId, reason, isFinal: false, lostRuns });
    this.finish(host);
  }

  private worked(host: ExecutorHost): void {
    const { work } = this;
    if (work === undefined) return;
    const { task } = work.request;
    if (task.kind === "run") return this.makeRun(task, host);
    work.step = "write";
    this.write(work, task, host);
  }

  private makeRun({ taskId, split }: SortTask & { kind: "run" }, host: ExecutorHost): void {
    const { keys, worker } = this.options;
    const places = Array.from(
      { length: split.endByte - split.startByte },
      (_, i) => split.startByte + i,
    );
    const run = places.map((place): SimulatedRecord => [keys[place] as string, place]);
    run.sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0));
    host.save(`run/${taskId}`, run);
    this.disk.set(taskId, run);
    const size = { records: run.length, bytes: run.length, longestBytes: 1 };
    const wanted = Math.min(samplesPerRun, run.length);
    const samples = Array.from({ length: wanted }, (_, i) => {
      const record = Math.floor(((i + 0.5) * run.length) / wanted);
      return { key: (run[record] as SimulatedRecord)[0], isWhole: true, record };
    });
    this.answer(host, { runs: [{ worker, taskId, part: 0, file: "", ...size, samples }] });
  }

  private write(work: Work, task: SortTask & { kind: "merge" }, host: ExecutorHost): void {
    const { attemptId } = work.request;
    const records = this.range(work, task);
    host.send(this.options.output, { type: "write", attemptId, taskId: task.taskId, records });
    host.setTimer("retry", this.options.retryMs);
  }

  private range(work: Work, { runs, low, high }: SortTask & { kind: "merge" }): SimulatedRecord[] {
    const all = runs.flatMap(({ taskId }, run) =>
      (work.fetched.get(taskId) ?? []).filter(([key], record) => {
        const isBefore = (splitter: Splitter | undefined): boolean =>
          splitter !== undefined && isBeforeSplitter({ key, run, record }, splitter);
        return !isBefore(low) && (high === undefined || isBefore(high));
      }),
    );
    return all.sort(([left, place], [right, other]) => {
      return left < right ? -1 : left > right ? 1 : place - other;
    });
  }

  private answer(host: ExecutorHost, { runs }: { runs: readonly MadeRunOf[] }): void {
    const { work } = this;
    if (work === undefined) return;
    const { attemptId } = work.request;
    host.send(this.options.worker, { type: "executed", attemptId, runs, bytes: 1 });
    this.finish(host);
  }

  private finish(host: ExecutorHost): void {
    host.cancelTimer("retry");
    this.work = undefined;
    this.next(host);
  }
}

type MadeRunOf = Extract<SortSimulationMessage, { type: "executed" }>["runs"][number];

function isBeforeSplitter(
  { key, run, record }: { key: string; run: number; record: number },
  splitter: Splitter,
): boolean {
  if (key !== splitter.key) return key < splitter.key;
  return run < splitter.run || (run === splitter.run && record < splitter.record);
}
