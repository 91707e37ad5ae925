/**
 * Runs a vertex program on worker threads: the nodes of the simulated cluster, workers on threads
 * of their own, the graph and all bulk data in shared memory.
 *
 * Source: Malewicz and others 2010, section 4. A thread that dies is a machine that is gone: a new
 * one takes its place, and all go on from the last checkpoint, which the main thread keeps.
 * Guarantees: the values of `pregel` with as many partitions, to the last bit.
 * Cost: as worker.ts; 40 ms to start the threads.
 */
import { wholeInRange } from "../../../basics";
import { availableParallelism } from "os";
import type { CsrGraph } from "../../structure/csr-graph";
import { resultsIn } from "../checkpoint-store";
import type { VertexProgram } from "../program";
import { ThreadCluster } from "./thread-cluster";
import type { Kill, PregelEvent } from "./thread-cluster";

export type { Kill, PregelEvent };

export interface PregelThreadsOptions {
  /** 1 to 256; default: all cores. */
  readonly workers?: number;
  /** Default: 4 a worker. */
  readonly partitions?: number;
  /** Supersteps from one checkpoint to the next; 0: none. Default 5. */
  readonly checkpointEvery?: number;
  /** Default 10,000. */
  readonly maxSupersteps?: number;
  /** Ends a worker's thread while it computes a superstep: to see the cluster recover. */
  readonly kills?: readonly Kill[];
  readonly onProgress?: (superstep: number, maxSupersteps: number) => void;
  /** Ends the threads, and rejects. */
  readonly signal?: AbortSignal;
}

export interface PregelThreadsResult {
  /** "cutOff": `maxSupersteps` was reached first. */
  readonly kind: "halted" | "cutOff";
  /** By vertex. */
  readonly values: Float64Array;
  readonly supersteps: number;
  /** 1 without recoveries. */
  readonly epochs: number;
  readonly elapsedMs: number;
  readonly events: readonly PregelEvent[];
}

export async function pregelOnThreads(
  graph: CsrGraph,
  program: VertexProgram,
  options: PregelThreadsOptions = {},
): Promise<PregelThreadsResult> {
  const { signal, checkpointEvery = 5 } = options;
  const most = { min: 1, max: 256 };
  const workers = wholeInRange("workers", options.workers ?? availableParallelism(), most);
  const partitions = wholeInRange("partitions", options.partitions ?? 4 * workers, {
    min: 1,
    max: 10_000,
  });
  const maxSupersteps = options.maxSupersteps ?? 10_000;
  wholeInRange("maxSupersteps", maxSupersteps, { min: 1, max: 1e9 });
  wholeInRange("checkpointEvery", checkpointEvery, { min: 0, max: 1e9 });
  signal?.throwIfAborted();
  const settings = { partitions, maxSupersteps, checkpointEvery };
  const cluster = new ThreadCluster(graph, program, { ...options, workers, settings });
  const abort = (): void => cluster.fail(signal?.reason as Error);
  signal?.addEventListener("abort", abort, { once: true });
  try {
    const { supersteps, epochs } = await cluster.run();
    const { events, elapsedMs } = cluster;
    const isCutOff = events.some(({ label }) => label === "cutOff");
    const values = resultsIn(Object.fromEntries(cluster.saved), {
      ...{ vertices: graph.vertices, partitions },
    });
    return { kind: isCutOff ? "cutOff" : "halted", values, supersteps, epochs, elapsedMs, events };
  } finally {
    signal?.removeEventListener("abort", abort);
    await cluster.close();
  }
}
