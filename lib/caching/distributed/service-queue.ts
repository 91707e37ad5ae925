/**
 * Work that takes time: so many jobs at once, the others wait in the order in which they came. The
 * time of a job is a timer, so that slow machines are slow here too.
 */
import type { Host } from "../../protocol";
import type { CacheMessage, CacheTimer } from "./messages";

export interface ServiceQueue<J> {
  readonly busy: Map<number, J>;
  readonly waiting: J[];
  begun: number;
}

export function emptyQueue<J>(): ServiceQueue<J> {
  return { busy: new Map(), waiting: [], begun: 0 };
}

export interface Service<J> {
  readonly workers: number;
  readonly maxQueue: number;
  /** The job is taken up; returns how long it takes, in ms. */
  begin(job: J): number;
}

type QueueHost = Host<CacheMessage, CacheTimer>;

/** False where the queue is full: the job is not taken. */
export function enqueue<J>(
  queue: ServiceQueue<J>,
  job: J,
  { service, host }: { service: Service<J>; host: QueueHost },
): boolean {
  if (queue.busy.size < service.workers) {
    begin(queue, job, { service, host });
    return true;
  }
  if (queue.waiting.length >= service.maxQueue) return false;
  queue.waiting.push(job);
  return true;
}

/** The timer of a job rang: the job, and its worker takes the next one up. */
export function dequeue<J>(
  queue: ServiceQueue<J>,
  number: number,
  { service, host }: { service: Service<J>; host: QueueHost },
): J | undefined {
  const job = queue.busy.get(number);
  queue.busy.delete(number);
  const next = job === undefined ? undefined : queue.waiting.shift();
  if (next !== undefined) begin(queue, next, { service, host });
  return job;
}

function begin<J>(
  queue: ServiceQueue<J>,
  job: J,
  { service, host }: { service: Service<J>; host: QueueHost },
): void {
  const number = ++queue.begun;
  queue.busy.set(number, job);
  host.setTimer({ job: number }, service.begin(job));
}
