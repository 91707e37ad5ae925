/**
 * The output that all machines reach, by range: what is written twice is the same twice.
 * Source: Dean and Ghemawat 2004, section 3.3. Assumes: it does not crash itself.
 * Guarantees: a range holds one whole write. Cost: one message and its answer a range.
 */
import type { Event, Host, Node, NodeId } from "../../../protocol";
import type { SortSimulationMessage } from "./messages";

export class OutputFile implements Node<SortSimulationMessage, string> {
  constructor(readonly id: NodeId) {}

  handle(
    event: Event<SortSimulationMessage, string>,
    host: Host<SortSimulationMessage, string>,
  ): void {
    if (event.kind !== "message" || event.message.type !== "write") return;
    const { attemptId, taskId, records } = event.message;
    host.save(`range/${taskId}`, records);
    host.send(event.from, { type: "written", attemptId });
  }
}
