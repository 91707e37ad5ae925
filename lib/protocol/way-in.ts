/**
 * The way in for what happens outside of all nodes, as when work that a node has begun ends later:
 * it comes to the node as a message from itself. Hosts in real time open it for their thread; in a
 * simulation it is shut, because no seed could repeat the order in which things come through it.
 */
import type { Message, NodeId } from "./contract";

type WayIn = (node: NodeId, message: Message) => void;

let wayIn: WayIn | undefined;

/** Of this thread; null: shut, as at first. */
export function openWayIn(way: WayIn | null): void {
  wayIn = way ?? undefined;
}

export function hasWayIn(): boolean {
  return wayIn !== undefined;
}

/** The node hears it as a message from itself, unless it is gone by now. */
export function tellFromOutside(node: NodeId, message: Message): void {
  wayIn?.(node, message);
}
