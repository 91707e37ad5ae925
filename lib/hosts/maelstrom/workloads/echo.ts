/**
 * Answers each request with what it holds, for a first look at a cluster.
 *
 * Source: K. Kingsbury, Maelstrom, doc/workloads.md, "Echo".
 * Assumes: nothing.
 * Guarantees: the answer holds what the request held.
 * Cost: one message an operation; no state.
 */
import type { Event, Host, Node, NodeId } from "../../../protocol";
import { checkOptions, malformed, notSupported } from "./request";
import type { WorkloadMessage } from "./request";

export class Echo implements Node<WorkloadMessage, never> {
  constructor(
    readonly id: NodeId,
    readonly peers: readonly NodeId[],
    options: Readonly<Record<string, unknown>> = {},
  ) {
    checkOptions(options, []);
  }

  handle(event: Event<WorkloadMessage, never>, host: Host<WorkloadMessage, never>): void {
    if (event.kind !== "message") return;
    const { from, message } = event;
    const { requestId } = message;
    if (message.type !== "echo") return host.send(from, notSupported(message, "echo"));
    if (!("echo" in message)) return host.send(from, malformed(message, "echo needs an echo"));
    host.send(from, { type: "echo_ok", requestId, echo: message.echo });
  }
}
