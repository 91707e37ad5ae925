/** A worker of Pregel on a thread of its own: started by `pregelOnThreads`. */
import { parentPort, workerData } from "worker_threads";
import type { Message, NodeId } from "../../../protocol";
import { CsrGraph } from "../../structure/csr-graph";
import type { GraphArrays } from "../../structure/csr-graph";
import { planInMemory } from "../graph-plan";
import { defineProgram } from "../programs";
import { PregelWorker } from "../worker";
import { RunningNode } from "./run-node";
import { receiveProgram } from "./ship-program";
import type { ShippedProgram } from "./ship-program";

/** What a thread is started with; the arrays lie in shared memory. */
export interface ThreadStart {
  readonly id: NodeId;
  readonly seed: number;
  readonly arrays: GraphArrays;
  readonly program: ShippedProgram;
  readonly heartbeatMs: number;
}

/** Between the main thread and a worker's, in both directions. */
export interface Post {
  readonly from: NodeId;
  readonly to: NodeId;
  readonly message: Message;
}

const { id, seed, arrays, program, heartbeatMs } = workerData as ThreadStart;
const name = "shipped";
defineProgram(name, receiveProgram(program));

const graph = planInMemory(new CsrGraph(arrays));
const options = { program: name, graph, heartbeatMs, wrapping: "shared" } as const;
const worker = new PregelWorker(id, [], options);
const send = (from: NodeId, to: NodeId, message: Message): void => {
  const post: Post = { from, to, message };
  parentPort?.postMessage(post);
};
const running = new RunningNode(worker as never, { send }, seed);
running.start();
parentPort?.on("message", ({ from, message }: Post) => running.hear(from, message));
