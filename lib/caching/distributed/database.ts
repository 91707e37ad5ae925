/**
 * The truth behind a cache: rows that survive crashes, in a database that does so many things at
 * once, each of which takes its time, so that its load can be measured and can be too much.
 *
 * Source: the multi-server queue M/M/c or M/D/c; a row's version counts its writes.
 * Assumes: crashes and restarts from what was saved; one node, that does not fail for good.
 * Guarantees: linearizable; a store that comes twice, or after a later one of the same writer, is
 * done once. A load sees the row as it is when a worker takes it up.
 * Cost: a save a store; `workers` jobs at once, `maxQueue` waiting, more are refused.
 */
import type { Event, Host, Node, NodeId } from "../../protocol";
import { inRange, wholeInRange, withDefaults } from "../../basics";
import type { CacheMessage, CacheTimer, DatabaseRequest, LogEntry, LogRow } from "./messages";
import type { Row, TailRequest } from "./messages";
import { dequeue, emptyQueue, enqueue } from "./service-queue";
import type { Service, ServiceQueue } from "./service-queue";

export interface DatabaseOptions {
  /** A load, and a store, take so long; default 5 ms each. */
  readonly readMs: number;
  readonly writeMs: number;
  /** By so much, as a share, each differs at random: 0 to 1; default 0. */
  readonly jitter: number;
  /** Jobs at once; default 16. With 5 ms each that is 3,200 a second. */
  readonly workers: number;
  /** Jobs that wait; more are refused. Default 1,000. */
  readonly maxQueue: number;
  /** Whether keys that nobody wrote have a row, but those that begin with "absent"; default no. */
  readonly isFull: boolean;
  /** Whether it keeps a log of its writes, for a `CacheInvalidator`; default no. */
  readonly hasLog: boolean;
}

const defaults: DatabaseOptions = {
  readMs: 5,
  writeMs: 5,
  jitter: 0,
  workers: 16,
  maxQueue: 1_000,
  isFull: false,
  hasLog: false,
};

interface Job {
  readonly from: NodeId;
  readonly request: DatabaseRequest;
  /** Of a load: what it has seen. */
  row: Row | null;
}

/** A row, and the last write of each writer. */
interface StoredRow extends Row {
  readonly orders: Readonly<Record<string, number>>;
}

/** Entries of the log in one answer. */
const maxTail = 200;

type DatabaseHost = Host<CacheMessage, CacheTimer>;

export class CacheDatabase implements Node<CacheMessage, CacheTimer> {
  readonly options: DatabaseOptions;
  readonly rows = new Map<string, StoredRow>();
  /** Of what was committed, the part that somebody may still ask for; by position. */
  readonly log = new Map<number, LogEntry>();
  private committed = 0;
  private readonly queue: ServiceQueue<Job> = emptyQueue();

  /** Throws a RangeError for an option that is wrong. */
  constructor(
    readonly id: NodeId,
    _peers: readonly NodeId[],
    options: Partial<DatabaseOptions> = {},
  ) {
    this.options = withDefaults("a cache's database", defaults, options);
    const { readMs, writeMs, jitter, workers, maxQueue } = this.options;
    inRange("readMs", readMs, { min: 0, max: 86_400_000 });
    inRange("writeMs", writeMs, { min: 0, max: 86_400_000 });
    inRange("jitter", jitter, { min: 0, max: 1 });
    wholeInRange("workers", workers, { min: 1, max: 1_000_000 });
    wholeInRange("maxQueue", maxQueue, { min: 0, max: 10_000_000 });
  }

  handle(event: Event<CacheMessage, CacheTimer>, host: DatabaseHost): void {
    if (event.kind === "start") {
      for (const [name, row] of Object.entries(event.saved)) {
        if (name.startsWith("row/")) this.rows.set(name.slice(4), row as StoredRow);
        if (name.startsWith("log/")) this.log.set(Number(name.slice(4)), row as LogEntry);
      }
      this.committed = (event.saved["committed"] as number | undefined) ?? 0;
    } else if (event.kind === "timer") {
      if (typeof event.timer === "object" && "job" in event.timer) this.end(event.timer.job, host);
    } else if (event.message.type === "tail") {
      this.tell(event.from, event.message, host);
    } else if (event.message.type === "load" || event.message.type === "store") {
      this.take(event.from, event.message, host);
    }
  }

  /** The row as it is now. */
  rowOf(key: string): Row {
    const row = this.rows.get(key);
    if (row !== undefined) return { value: row.value, version: row.version };
    const isThere = this.options.isFull && !key.startsWith("absent");
    return { value: isThere ? key : null, version: 0 };
  }

  /** The log after a position, some of it; what is done with goes. */
  private tell(from: NodeId, { after, done }: TailRequest, host: DatabaseHost): void {
    for (const position of [...this.log.keys()].filter((known) => known <= done)) {
      this.log.delete(position);
      host.save(`log/${position}`, undefined);
    }
    const later = [...this.log.values()].filter(({ position }) => position > after);
    const entries = later.sort((left, right) => left.position - right.position).slice(0, maxTail);
    host.send(from, { type: "log", entries });
  }

  private take(from: NodeId, request: DatabaseRequest, host: DatabaseHost): void {
    const service = this.service(host);
    if (enqueue(this.queue, { from, request, row: null }, { service, host })) return;
    host.note("refused", request.type);
    host.send(from, { type: "busy", requestId: request.requestId });
  }

  private service(host: DatabaseHost): Service<Job> {
    const { readMs, writeMs, jitter, workers, maxQueue } = this.options;
    return {
      workers,
      maxQueue,
      begin: (job) => {
        const isLoad = job.request.type === "load";
        if (isLoad) job.row = this.rowOf(job.request.key);
        host.note(isLoad ? "load" : "store", job.request.key);
        return (isLoad ? readMs : writeMs) * (1 + jitter * (2 * host.random() - 1));
      },
    };
  }

  private end(number: number, host: DatabaseHost): void {
    const job = dequeue(this.queue, number, { service: this.service(host), host });
    if (job === undefined) return;
    const { requestId, key } = job.request;
    if (job.request.type === "load") {
      host.send(job.from, { type: "loaded", requestId, key, row: job.row as Row });
    } else {
      this.store(job.request, host);
      host.send(job.from, { type: "stored", requestId, key, row: this.rowOf(key) });
    }
  }

  private store(request: Extract<DatabaseRequest, { type: "store" }>, host: DatabaseHost): void {
    const { key, value, writer, order } = request;
    const old = this.rows.get(key);
    const { version: last } = this.rowOf(key);
    const version = request.version ?? last + 1;
    if (version <= last || order <= (old?.orders[writer] ?? 0)) return host.note("repeated", key);
    const row = { value, version, orders: { ...old?.orders, [writer]: order } };
    this.rows.set(key, row);
    host.save(`row/${key}`, row);
    if (this.options.hasLog) this.append({ key, version }, host);
    host.note("committed", { key, version });
  }

  private append(row: LogRow, host: DatabaseHost): void {
    const entry = { position: ++this.committed, ...row };
    this.log.set(entry.position, entry);
    host.save(`log/${entry.position}`, entry);
    host.save("committed", this.committed);
  }
}
