/**
 * Hands out ids that nobody else hands out, without asking anybody: the node's name, a random mark
 * of this start, and a count.
 *
 * Source: K. Kingsbury, Maelstrom, doc/workloads.md, "Unique IDs".
 * Assumes: names of nodes differ; chance is not the same at two starts of a node.
 * Guarantees: no two ids are alike, in partitions too, but for two starts of one node that draw
 *   the same of 2^48 marks.
 * Cost: one message an operation; nothing is saved.
 */
import type { Event, Host, Node, NodeId } from "../../../protocol";
import { checkOptions, notSupported } from "./request";
import type { WorkloadMessage } from "./request";

export class UniqueIds implements Node<WorkloadMessage, never> {
  private mark = "";
  private count = 0;

  constructor(
    readonly id: NodeId,
    readonly peers: readonly NodeId[],
    options: Readonly<Record<string, unknown>> = {},
  ) {
    checkOptions(options, []);
  }

  handle(event: Event<WorkloadMessage, never>, host: Host<WorkloadMessage, never>): void {
    if (event.kind === "start") this.mark = Math.floor(host.random() * 2 ** 48).toString(36);
    if (event.kind !== "message") return;
    const { from, message } = event;
    if (message.type !== "generate") return host.send(from, notSupported(message, "generate"));
    const id = `${this.id}-${this.mark}-${++this.count}`;
    host.send(from, { type: "generate_ok", requestId: message.requestId, id });
  }
}
