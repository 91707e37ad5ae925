/**
 * The persistent storage that all workers reach: where checkpoints and results lie.
 *
 * Source: Malewicz and others 2010, section 4.2, whose workers write to a distributed file system.
 * Assumes: its disk keeps what is saved; messages may be lost or repeated.
 * Guarantees: what was acknowledged can be read, also after a restart.
 * Cost: one answer a request. All checkpoints are kept.
 */
import type { Event, Host, Node, NodeId } from "../../protocol";
import { unwrap } from "./messages";
import type { Content, PregelMessage } from "./messages";

export class CheckpointStore implements Node<PregelMessage, never> {
  private contents = new Map<string, Content>();

  constructor(
    readonly id: NodeId,
    _peers: readonly NodeId[],
  ) {}

  handle(event: Event<PregelMessage, never>, host: Host<PregelMessage, never>): void {
    if (event.kind === "start") {
      this.contents = new Map(Object.entries(event.saved) as [string, Content][]);
    }
    if (event.kind !== "message") return;
    const { from, message } = event;
    if (message.type === "write") {
      this.contents.set(message.key, message.content);
      host.save(message.key, message.content);
      host.send(from, { type: "written", key: message.key });
    }
    if (message.type === "read") {
      const content = this.contents.get(message.key) ?? null;
      host.send(from, { type: "content", key: message.key, content });
    }
  }
}

/** The values of all vertices, of what a store has saved; NaN where a result is missing. */
export function resultsIn(
  saved: Readonly<Record<string, unknown>>,
  { vertices, partitions }: { readonly vertices: number; readonly partitions: number },
): Float64Array {
  const values = new Float64Array(vertices).fill(NaN);
  for (let partition = 0; partition < partitions; partition++) {
    const content = saved[`result/${partition}`] as Content | undefined;
    if (content === undefined) continue;
    const part = unwrap(content.values);
    for (let i = 0; i < part.length; i++) values[partition + i * partitions] = part[i];
  }
  return values;
}
