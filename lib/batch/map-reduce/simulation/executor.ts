/**
 * The data plane of one simulated worker: what the executor thread does in a real run, as timers.
 * Map outputs lie on this machine's disk; a reduce task fetches them from the others.
 *
 * Source: Dean and Ghemawat 2004, section 3.1. Assumes: messages may be lost or doubled.
 * Guarantees: one answer for each request; outputs on disk before the answer that names them.
 * Cost: a timer a task; for a reduce task two messages to each machine that holds its inputs.
 */
import type { Event, Host, Node, NodeId } from "../../../protocol";
import { nearness } from "../control/idle-tasks";
import type { Counters, ExecutorRequest, OutputRef, Task } from "../tasks";
import { defaultCosts, mapMs, noise, reduceMs } from "./costs";
import type { CostModel } from "./costs";
import type { SimulationMessage } from "./messages";
import { addDigests, emptyDigest, mapSplit } from "./workload";
import type { Digest, Workload } from "./workload";

export interface ExecutorOptions {
  readonly worker: NodeId;
  readonly fileSystem: NodeId;
  readonly workload: Workload;
  readonly costs: CostModel;
  /** 1 is a machine like most; 0.25 one that takes four times as long. */
  readonly speed: number;
  readonly racks: Readonly<Record<NodeId, string>>;
  /** Wait for an answer of another machine before asking again; default 1,000 ms. */
  readonly retryMs: number;
  /** Times that map outputs are asked for before they count as lost; default 4. */
  readonly fetchTries: number;
}

const defaults: ExecutorOptions = {
  worker: "",
  fileSystem: "gfs",
  workload: { recordsPerSplit: 0, badEvery: 0, partitions: 1, splitBytes: 0, partitionBytes: 0 },
  costs: defaultCosts,
  speed: 1,
  racks: {},
  retryMs: 1_000,
  fetchTries: 4,
};

type ExecutorHost = Host<SimulationMessage, ExecutorTimer>;
export type ExecutorTimer = "work" | "retry";

interface Work {
  readonly request: ExecutorRequest;
  step: "fetch" | "work" | "write";
  triesLeft: number;
  /** Of a reduce task: map outputs that have not arrived, by map task. */
  readonly awaited: Map<number, OutputRef>;
  total: Digest;
}

export class SimulatedExecutor implements Node<SimulationMessage, ExecutorTimer> {
  private readonly options: ExecutorOptions;
  private readonly disk = new Map<number, readonly Digest[]>();
  private readonly queue: ExecutorRequest[] = [];
  private work: Work | undefined;

  constructor(
    readonly id: NodeId,
    _peers: readonly NodeId[],
    options: Partial<ExecutorOptions> = {},
  ) {
    this.options = { ...defaults, ...options };
  }

  handle(event: Event<SimulationMessage, ExecutorTimer>, host: ExecutorHost): void {
    if (event.kind === "start") return this.readDisk(event.saved);
    if (event.kind === "timer")
      return event.timer === "work" ? this.worked(host) : this.retry(host);
    const message = event.message;
    switch (message.type) {
      case "execute":
        this.queue.push(message);
        return this.next(host);
      case "fetch":
        return this.serve(event.from, message, host);
      case "fetched":
        return this.receive(message, host);
      case "written":
        if (this.work?.request.attemptId === message.attemptId && this.work.step === "write") {
          this.finishReduce(this.work, host);
        }
    }
  }

  private readDisk(saved: Readonly<Record<string, unknown>>): void {
    for (const [key, digests] of Object.entries(saved)) {
      this.disk.set(Number(key.slice("run/".length)), digests as Digest[]);
    }
  }

  private next(host: ExecutorHost): void {
    if (this.work !== undefined) return;
    const request = this.queue.shift();
    if (request === undefined) return;
    const { fetchTries } = this.options;
    const inputs = request.task.kind === "reduce" ? request.task.inputs : [];
    const awaited = new Map(inputs.map((ref) => [ref.mapTaskId, ref]));
    this.work = { request, step: "fetch", triesLeft: fetchTries, awaited, total: emptyDigest };
    if (request.task.kind === "map") this.begin(host, this.mapTime(request.task, host));
    else this.fetch(this.work, request.task.partition, host);
  }

  private begin(host: ExecutorHost, ms: number): void {
    if (this.work === undefined) return;
    this.work.step = "work";
    host.setTimer("work", ms / this.options.speed);
  }

  private mapTime({ split }: Task & { kind: "map" }, host: ExecutorHost): number {
    const { costs, workload, worker } = this.options;
    const near = nearness(this.options, split.replicas, worker);
    return mapMs(costs, workload.splitBytes, near) * noise(costs.sigma, () => host.random());
  }

  private fetch(work: Work, partition: number, host: ExecutorHost): void {
    if (work.awaited.size === 0) return this.beginReduce(host);
    if (work.triesLeft-- === 0) return this.loseInputs([...work.awaited.values()], host);
    const sources = new Map<NodeId, number[]>();
    for (const { worker, mapTaskId } of work.awaited.values()) {
      sources.set(worker, [...(sources.get(worker) ?? []), mapTaskId]);
    }
    const { attemptId } = work.request;
    for (const [worker, mapTaskIds] of sources) {
      host.send(`x${worker}`, { type: "fetch", attemptId, partition, mapTaskIds });
    }
    host.setTimer("retry", this.options.retryMs);
  }

  private serve(
    from: NodeId,
    { attemptId, partition, mapTaskIds }: SimulationMessage & { type: "fetch" },
    host: ExecutorHost,
  ): void {
    const missing = mapTaskIds.filter((mapTaskId) => !this.disk.has(mapTaskId));
    const runs = mapTaskIds.flatMap((mapTaskId) => {
      const digest = this.disk.get(mapTaskId)?.[partition];
      return digest === undefined ? [] : [{ mapTaskId, digest }];
    });
    host.send(from, { type: "fetched", attemptId, runs, missing });
  }

  private receive(message: SimulationMessage & { type: "fetched" }, host: ExecutorHost): void {
    const { work } = this;
    if (work?.step !== "fetch" || work.request.attemptId !== message.attemptId) return;
    const lost = message.missing.flatMap((mapTaskId) => work.awaited.get(mapTaskId) ?? []);
    if (lost.length > 0) return this.loseInputs(lost, host);
    for (const { mapTaskId, digest } of message.runs) {
      if (work.awaited.delete(mapTaskId)) work.total = addDigests(work.total, digest);
    }
    if (work.awaited.size === 0) this.beginReduce(host);
  }

  private beginReduce(host: ExecutorHost): void {
    host.cancelTimer("retry");
    const { costs, workload } = this.options;
    const ms = reduceMs(costs, workload.partitionBytes);
    this.begin(host, ms * noise(costs.sigma, () => host.random()));
  }

  private retry(host: ExecutorHost): void {
    const { work } = this;
    if (work?.request.task.kind !== "reduce") return;
    if (work.step === "fetch") this.fetch(work, work.request.task.partition, host);
    if (work.step === "write") this.write(work, work.request.task.partition, host);
  }

  private worked(host: ExecutorHost): void {
    const { work } = this;
    if (work === undefined) return;
    const { task } = work.request;
    if (task.kind === "map") return this.finishMap(work.request, task.taskId, host);
    this.write(work, task.partition, host);
  }

  private write(work: Work, partition: number, host: ExecutorHost): void {
    work.step = "write";
    const { attemptId } = work.request;
    host.send(this.options.fileSystem, { type: "write", attemptId, partition, digest: work.total });
    host.setTimer("retry", this.options.retryMs);
  }

  private finishMap(request: ExecutorRequest, taskId: number, host: ExecutorHost): void {
    const { workload, worker } = this.options;
    if (workload.recordsPerSplit === 0) {
      return this.answer(host, { type: "executed", outputs: [], counters: {} });
    }
    const { digests, skipped, failedAt } = mapSplit(taskId, workload, request.skipRecordsAt);
    if (failedAt.length > 0) {
      const reason = `map failed on record ${failedAt.join(" and ")}`;
      return this.answer(host, { type: "failed", reason, recordsAt: failedAt });
    }
    const counters = { recordsRead: workload.recordsPerSplit, badRecords: skipped };
    this.disk.set(taskId, digests);
    host.save(`run/${taskId}`, digests);
    const outputs = digests.map(({ records }, partition) => {
      return { worker, mapTaskId: taskId, partition, bytes: records * 100 };
    });
    this.answer(host, { type: "executed", outputs, counters });
  }

  private finishReduce({ request, total }: Work, host: ExecutorHost): void {
    host.cancelTimer("retry");
    const partition = request.task.kind === "reduce" ? request.task.partition : 0;
    const worker = this.options.fileSystem;
    const outputs = [{ worker, mapTaskId: -1, partition, bytes: total.records * 100 }];
    const counters = { recordsReduced: total.records };
    this.answer(host, { type: "executed", outputs, counters });
  }

  private loseInputs(lostOutputs: readonly OutputRef[], host: ExecutorHost): void {
    host.cancelTimer("retry");
    const reason = `${lostOutputs.length} map outputs are lost`;
    this.answer(host, { type: "failed", reason, lostOutputs });
  }

  private answer(
    host: ExecutorHost,
    answer:
      | { type: "executed"; outputs: readonly OutputRef[]; counters: Counters }
      | { type: "failed"; reason: string; recordsAt: readonly number[] }
      | { type: "failed"; reason: string; lostOutputs: readonly OutputRef[] },
  ): void {
    const attemptId = this.work?.request.attemptId ?? 0;
    this.work = undefined;
    host.send(this.options.worker, { ...answer, attemptId });
    this.next(host);
  }
}
