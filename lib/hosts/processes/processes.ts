/**
 * Runs a protocol for real: a process a node, TCP on 127.0.0.1 between them, and files that are
 * synced behind `save`.
 *
 * Guarantees: a save is durable before a later send leaves; messages between two nodes that are up
 * arrive in order, once, or, when a connection breaks or a queue is full, not at all. The processes
 * end when the one that started them does, however that ends.
 * Cost: a process has 57 MB, 17 of them its own; four start in 0.6 s on two cores.
 */
import { fork } from "child_process";
import { join } from "path";
import { Cluster } from "../real/cluster";
import type { ClusterOptions } from "../real/cluster-options";
import type { Report } from "../real/channel";
import type { Body } from "../real/place-owner";

/**
 * Resolves when all nodes have started. Rejects with RangeError for a wrong option, with InputError
 * for what the machine refuses: a port that is taken, saves that are damaged. Always `stop` it.
 */
export function processes(options: ClusterOptions): Promise<Cluster> {
  return Cluster.start(options, launchProcess);
}

function launchProcess(): Body {
  // No flags of this process: an inspector's port, say, cannot be listened on twice.
  const child = fork(join(__dirname, "child.js"), {
    execArgv: [],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  return {
    send: (order) => {
      if (child.connected) child.send(order, () => undefined); // an error is followed by "exit"
    },
    onReport: (listener) => void child.on("message", (report) => listener(report as Report)),
    onEnd: (listener) =>
      void child.once("exit", (code, signal) => {
        listener(signal === null ? `exited with code ${code}` : `was ended by ${signal}`);
      }),
    kill: () => void child.kill("SIGKILL"),
  };
}
