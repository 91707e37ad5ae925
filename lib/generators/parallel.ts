import { join } from "path";
import { Worker } from "worker_threads";
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

/** Block n is made by worker n mod size; each answers in the order in which it was asked. */
class BlockPool {
  private readonly workers: Worker[];

  constructor(size: number) {
    const file = join(__dirname, "block-worker.js");
    this.workers = Array.from({ length: size }, () => new Worker(file).setMaxListeners(0));
  }

  make(request: BlockRequest): Promise<NumberedBlock> {
    const worker = this.workers[request.block % this.workers.length] as Worker;
    return new Promise((resolve, reject) => {
      const settle = (act: () => void): void => {
        worker.off("message", onMessage).off("error", onError);
        act();
      };
      const onMessage = (made: NumberedBlock): void => {
        if (made.block === request.block) settle(() => resolve(made));
      };
      const onError = (error: Error): void => settle(() => reject(error));
      worker.on("message", onMessage).on("error", onError);
      worker.postMessage(request);
    });
  }

  async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }
}
