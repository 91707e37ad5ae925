/**
 * The data plane of one simulated worker: fetches what a partition comes from, computes it, keeps
 * what is to be cached in memory, and what others fetch on its machine's disk.
 *
 * Source: Zaharia et al. 2012, section 5. Assumes: messages may be lost or doubled.
 * Guarantees: one answer for each request; an output is on disk before the answer that tells it.
 * Cost: a timer a task, by its rows; two messages an input that is fetched.
 */
import type { Event, Host, Node, NodeId } from "../../../protocol";
import { originOf } from "../control/lineage";
import type {
  Addition,
  DatasetAnswer,
  ExecuteDatasetTask,
  LostInput,
  PartitionRef,
  PlanStep,
} from "../control/messages";
import type { DatasetSimulationMessage } from "./messages";
import { rowsOf, shareOf } from "./model";
import type { SimulatedRow } from "./model";

export interface DatasetExecutorOptions {
  readonly worker: NodeId;
  readonly output: NodeId;
  /** Of all jobs. */
  readonly steps: readonly PlanStep[];
  /** Partitions that the cache holds. */
  readonly cachedPartitions: number;
  readonly msPerRow: number;
  readonly retryMs: number;
  /** Times that an input is asked for before it counts as lost. */
  readonly fetchTries: number;
}

const defaults: DatasetExecutorOptions = {
  worker: "",
  output: "out",
  steps: [],
  cachedPartitions: 100,
  msPerRow: 10,
  retryMs: 400,
  fetchTries: 5,
};

type Rows = readonly SimulatedRow[];
type ExecutorHost = Host<DatasetSimulationMessage, "work" | "retry">;

/** A cached partition. */
interface Held {
  readonly rows: Rows;
  /** Told again whenever it is used: the answer that told them first may not have counted. */
  readonly additions: readonly Addition[];
}

interface Wanted {
  readonly shuffle: number;
  readonly source: number;
  readonly holder: NodeId;
}

interface Work {
  readonly request: ExecuteDatasetTask;
  readonly wanted: readonly Wanted[];
  readonly fetched: Map<string, Rows>;
  step: "fetch" | "work" | "write";
  triesLeft: number;
  rows: Rows;
  readonly cached: PartitionRef[];
  readonly dropped: PartitionRef[];
  readonly additions: Addition[];
}

/** The accumulator that counts the rows of every step. */
export const rowCounter = 1;

export class SimulatedDatasetExecutor implements Node<DatasetSimulationMessage, "work" | "retry"> {
  private readonly options: DatasetExecutorOptions;
  private readonly steps: Map<number, PlanStep>;
  private readonly disk = new Map<string, Rows>();
  private readonly cache = new Map<string, Held>();
  private readonly queue: ExecuteDatasetTask[] = [];
  private work: Work | undefined;

  constructor(
    readonly id: NodeId,
    _peers: readonly NodeId[],
    options: Partial<DatasetExecutorOptions> = {},
  ) {
    this.options = { ...defaults, ...options };
    this.steps = new Map(this.options.steps.map((step) => [step.id, step]));
  }

  handle(event: Event<DatasetSimulationMessage, "work" | "retry">, host: ExecutorHost): void {
    if (event.kind === "start") {
      for (const [key, rows] of Object.entries(event.saved)) this.disk.set(key, rows as Rows);
    } else if (event.kind === "timer") {
      if (event.timer === "work") this.worked(host);
      else this.retry(host);
    } else this.hear(event.from, event.message, host);
  }

  private hear(from: NodeId, message: DatasetSimulationMessage, host: ExecutorHost): void {
    if (message.type === "execute") {
      this.queue.push(message);
      return this.next(host);
    }
    if (message.type === "fetch") {
      const { shuffle, source } = message;
      const rows = this.disk.get(`${shuffle}/${source}`);
      return host.send(from, { ...message, type: "fetched", rows });
    }
    const { work } = this;
    if (work === undefined || !("attemptId" in message)) return;
    if (message.attemptId !== work.request.attemptId) return;
    if (message.type === "fetched") this.receive(work, message, host);
    if (message.type === "written" && work.step === "write") this.answer(work, host);
  }

  private next(host: ExecutorHost): void {
    if (this.work !== undefined) return;
    const request = this.queue.shift();
    if (request === undefined) return;
    const { task } = request;
    const wanted = this.wanted(request);
    const { fetchTries } = this.options;
    const lists = { cached: [], dropped: [], additions: [] };
    const work: Work = {
      ...{ request, wanted: wanted ?? [], fetched: new Map(), step: "fetch" },
      ...{ triesLeft: fetchTries, rows: [], ...lists },
    };
    this.work = work;
    const { step, partition } = task;
    if (wanted === undefined) this.lose(work, [{ kind: "cached", step, partition }], host);
    else this.fetch(work, host);
  }

  /** Undefined: the task was to begin with what this cache has no more. */
  private wanted({ task }: ExecuteDatasetTask): Wanted[] | undefined {
    const wanted: Wanted[] = [];
    for (const shuffle of originOf(task, this.own()).shuffles) {
      const input = task.inputs.find((found) => found.shuffle === shuffle);
      if (input === undefined) return undefined;
      input.workers.forEach((holder, source) => wanted.push({ shuffle, source, holder }));
    }
    return wanted;
  }

  /** The lineage with this worker's cache alone. */
  private own(): Parameters<typeof originOf>[1] {
    const worker = this.options.worker;
    const cached = new Map<number, Map<number, NodeId>>();
    for (const key of this.cache.keys()) {
      const [step, partition] = key.split("/").map(Number) as [number, number];
      cached.set(step, (cached.get(step) ?? new Map<number, NodeId>()).set(partition, worker));
    }
    return { steps: this.steps, holdings: { shuffles: new Map(), cached }, worker };
  }

  private fetch(work: Work, host: ExecutorHost): void {
    if (work.fetched.size === work.wanted.length) return this.begin(work, host);
    for (const { shuffle, source, holder } of work.wanted) {
      if (work.fetched.has(`${shuffle}/${source}`)) continue;
      const { attemptId } = work.request;
      host.send(`x${holder}`, { type: "fetch", attemptId, shuffle, source });
    }
    host.setTimer("retry", this.options.retryMs);
  }

  private receive(
    work: Work,
    { shuffle, source, rows }: DatasetSimulationMessage & { type: "fetched" },
    host: ExecutorHost,
  ): void {
    if (work.step !== "fetch") return;
    if (rows === undefined) {
      return this.lose(work, [{ kind: "output", shuffle, partition: source }], host);
    }
    work.fetched.set(`${shuffle}/${source}`, rows);
    if (work.fetched.size === work.wanted.length) this.begin(work, host);
  }

  private begin(work: Work, host: ExecutorHost): void {
    work.step = "work";
    host.cancelTimer("retry");
    const { step, partition } = work.request.task;
    work.rows = this.compute(work, step, partition);
    const ms = this.options.msPerRow * (1 + work.rows.length) * (0.5 + host.random());
    host.setTimer("work", ms);
  }

  private compute(work: Work, id: number, partition: number): Rows {
    const key = `${id}/${partition}`;
    const held = this.cache.get(key);
    if (held !== undefined) {
      this.cache.delete(key);
      this.cache.set(key, held);
      work.additions.push(...held.additions);
      return held.rows;
    }
    const additionsBefore = work.additions.length;
    const step = this.steps.get(id) as PlanStep;
    const inputs = {
      narrow: (parent: number, own: number) => this.compute(work, parent, own),
      shuffled: ({ shuffle }: { shuffle: number }, at: number) => {
        const own = work.wanted.filter((input) => input.shuffle === shuffle);
        const all = own.flatMap(({ source }) => work.fetched.get(`${shuffle}/${source}`) ?? []);
        return all.filter((row) => shareOf(row, step.partitions) === at);
      },
    };
    const rows = rowsOf(step, partition, inputs, this.steps);
    work.additions.push({ accumulator: rowCounter, step: id, partition, sum: rows.length });
    const additions = work.additions.slice(additionsBefore);
    if (step.isCached) this.keep(work, { step: id, partition }, { rows, additions });
    return rows;
  }

  private keep(work: Work, ref: PartitionRef, held: Held): void {
    this.cache.set(`${ref.step}/${ref.partition}`, held);
    work.cached.push(ref);
    const [oldest] = this.cache.keys();
    if (this.cache.size <= this.options.cachedPartitions || oldest === undefined) return;
    this.cache.delete(oldest);
    const [step, partition] = oldest.split("/").map(Number) as [number, number];
    work.dropped.push({ step, partition });
  }

  private worked(host: ExecutorHost): void {
    const { work } = this;
    if (work === undefined) return;
    const { kind, of, partition } = work.request.task;
    if (kind === "result") return this.write(work, host);
    host.save(`${of}/${partition}`, work.rows);
    this.disk.set(`${of}/${partition}`, work.rows);
    this.answer(work, host);
  }

  private write(work: Work, host: ExecutorHost): void {
    work.step = "write";
    const { attemptId, task } = work.request;
    const { of: job, partition } = task;
    host.send(this.options.output, { type: "write", attemptId, job, partition, rows: work.rows });
    host.setTimer("retry", this.options.retryMs);
  }

  private retry(host: ExecutorHost): void {
    const { work } = this;
    if (work?.step === "write") return this.write(work, host);
    if (work?.step !== "fetch") return;
    if (work.triesLeft-- > 0) return this.fetch(work, host);
    const missing = work.wanted.filter(
      ({ shuffle, source }) => !work.fetched.has(`${shuffle}/${source}`),
    );
    const lost = missing.map(({ shuffle, source }): LostInput => {
      return { kind: "output", shuffle, partition: source };
    });
    this.lose(work, lost, host);
  }

  private lose({ request }: Work, lostInputs: readonly LostInput[], host: ExecutorHost): void {
    const reason = `${lostInputs.length} inputs are lost`;
    const { attemptId } = request;
    this.finish(host, {
      ...{ type: "failed", attemptId, reason, isFinal: false, lostInputs, dropped: [] },
    });
  }

  private answer({ request, rows, cached, dropped, additions }: Work, host: ExecutorHost): void {
    const { attemptId } = request;
    const size = { rows: rows.length, bytes: rows.length };
    const kept = cached.filter(({ step, partition }) => this.cache.has(`${step}/${partition}`));
    this.finish(host, { type: "executed", attemptId, ...size, cached: kept, dropped, additions });
  }

  private finish(host: ExecutorHost, answer: DatasetAnswer): void {
    host.cancelTimer("retry");
    this.work = undefined;
    host.send(this.options.worker, answer);
    this.next(host);
  }
}
