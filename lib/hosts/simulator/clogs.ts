/**
 * Clogged nodes and links: what would arrive there is held, and arrives when the clog ends.
 *
 * Source: FoundationDB's simulator clogs pairs and machines so; a cut loses messages, a clog only
 * delays them, and lets them loose all at once.
 */
import type { NodeId } from "../../protocol";

/** What of a node is clogged: what comes to it, what goes from it, or both. */
export type Direction = "in" | "out" | "both";

export class Clogs {
  private readonly nodes = new Map<NodeId, Direction>();
  private readonly links = new Set<string>();

  get isEmpty(): boolean {
    return this.nodes.size === 0 && this.links.size === 0;
  }

  holds(from: NodeId, to: NodeId): boolean {
    const [sender, receiver] = [this.nodes.get(from), this.nodes.get(to)];
    if (sender === "out" || sender === "both") return true;
    if (receiver === "in" || receiver === "both") return true;
    return this.links.has(linkOf(from, to));
  }

  clogNodes(ids: readonly NodeId[], direction: Direction): void {
    for (const id of ids) this.nodes.set(id, direction);
  }

  unclogNodes(ids: readonly NodeId[]): void {
    for (const id of ids) this.nodes.delete(id);
  }

  clogLinks(from: readonly NodeId[], to: readonly NodeId[]): void {
    for (const link of linksOf(from, to)) this.links.add(link);
  }

  unclogLinks(from: readonly NodeId[], to: readonly NodeId[]): void {
    for (const link of linksOf(from, to)) this.links.delete(link);
  }
}

/** A link in one direction, as a key. */
export function linkOf(from: NodeId, to: NodeId): string {
  return `${from}>${to}`;
}

function linksOf(from: readonly NodeId[], to: readonly NodeId[]): string[] {
  return from.flatMap((sender) => to.map((receiver) => linkOf(sender, receiver)));
}
