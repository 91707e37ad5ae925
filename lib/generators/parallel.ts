import { join } from "path";
import type { Worker } from "worker_threads";
import { WarmThreads } from "../basics/warm-threads";
import type { BlockRequest } from "./block-worker";
import type { EncodedBlock, Spec, TextFormat } from "./data-set";
import { dataSet } from "./data-sets";

/** Blocks that each worker may be ahead of the reader: bounds the memory. */
const blocksAhead = 2;

type NumberedBlock = EncodedBlock & { readonly block: number };

/**
 * The encoded blocks of a data set in order, made by `workers` threads. Memory is bounded by
 * workers x 2 blocks, however many rows there are.
 */
export async function* encodedBlocks(
  name: string,
  spec: Spec,
  options: { format: TextFormat; workers: number; signal?: AbortSignal },
): AsyncGenerator<EncodedBlock> {
  const count = dataSet(name).blockCount(spec);
  const pool = new BlockPool(Math.min(options.workers, count));
  try {
    const pending: Promise<NumberedBlock>[] = [];
    for (let block = 0; block < count; block++) {
      while (pending.length < options.workers * blocksAhead && block + pending.length < count) {
        const next = block + pending.length;
        pending.push(pool.make({ name, spec, block: next, format: options.format }));
      }
      options.signal?.throwIfAborted();
      yield await (pending.shift() as Promise<NumberedBlock>);
    }
  } finally {
    await pool.close();
  }
}

const threads = new WarmThreads(join(__dirname, "block-worker.js"));

/** Block n is made by worker n mod size; each answers in the order in which it was asked. */
class BlockPool {
  private readonly workers: Worker[];
  private readonly asked = new Set<Promise<NumberedBlock>>();
  private readonly gone = new Set<Worker>();

  constructor(size: number) {
    this.workers = Array.from({ length: size }, () => threads.take());
  }

  make(request: BlockRequest): Promise<NumberedBlock> {
    const answer = this.ask(this.workers[request.block % this.workers.length] as Worker, request);
    this.asked.add(answer);
    const forget = (): void => void this.asked.delete(answer);
    answer.then(forget, forget);
    return answer;
  }

  /** When a reader stops early, the blocks in hand are made to the end, and nobody gets them. */
  async close(): Promise<void> {
    await Promise.allSettled(this.asked);
    for (const worker of this.workers) if (!this.gone.has(worker)) threads.keep(worker);
  }

  private ask(worker: Worker, request: BlockRequest): Promise<NumberedBlock> {
    return new Promise((resolve, reject) => {
      const settle = (act: () => void): void => {
        worker.off("message", onMessage).off("error", onError);
        act();
      };
      const onMessage = (made: NumberedBlock): void => {
        if (made.block === request.block) settle(() => resolve(made));
      };
      const onError = (error: Error): void => {
        this.gone.add(worker);
        settle(() => reject(error));
      };
      worker.on("message", onMessage).on("error", onError);
      worker.postMessage(request);
    });
  }
}
