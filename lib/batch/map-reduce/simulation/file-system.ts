/**
 * The file system that all machines share, as GFS in the paper: files that are written whole, under
 * their name, and survive any worker. Source: Dean and Ghemawat 2004, sections 3.1 and 3.3.
 * Assumes: it does not crash itself; that is another system's story.
 * Guarantees: a name holds one whole file, of whichever attempt wrote last (atomic rename, 3.3).
 * Cost: one message and its answer a file, one key a name.
 */
import type { Event, Host, Node, NodeId } from "../../../protocol";
import type { SimulationMessage } from "./messages";

export class SharedFileSystem implements Node<SimulationMessage, string> {
  constructor(readonly id: NodeId) {}

  handle(event: Event<SimulationMessage, string>, host: Host<SimulationMessage, string>): void {
    if (event.kind !== "message" || event.message.type !== "write") return;
    const { attemptId, partition, digest } = event.message;
    host.save(`part/${partition}`, digest);
    host.send(event.from, { type: "written", attemptId });
  }
}
