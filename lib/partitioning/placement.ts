/** The one shape of all placements: keys on one side, nodes on the other. */
import { inRange, wholeInRange } from "../basics";

export interface PlacementNode {
  readonly id: string;
  /** Its share of the keys relative to the others'; over 0, at most 1,000; default 1. */
  readonly weight?: number;
}

/** Which node has a key. A value: other nodes make another placement. */
export interface Placement {
  readonly nodes: readonly PlacementNode[];
  /** What a lookup reads besides the names of nodes, in bytes. */
  readonly tableBytes: number;
  /** The node that has the key. */
  owner(key: string): string;
  /**
   * The owner and the next ones, all different; as many as there are where `count` is more. Throws
   * a RangeError for a count that is not a whole number from 0.
   */
  owners(key: string, count: number): string[];
  /** The same with other nodes or weights, moving as few keys as this algorithm can. */
  withNodes(nodes: readonly PlacementNode[]): Placement;
}

/** Throws a RangeError for no node, a name that is none or taken, a weight out of its range. */
export function checkNodes(nodes: readonly PlacementNode[]): void {
  if (!Array.isArray(nodes) || nodes.length === 0) {
    throw new RangeError("a placement needs at least one node");
  }
  const names = new Set<string>();
  for (const { id, weight = 1 } of nodes) {
    if (typeof id !== "string" || id === "") {
      throw new RangeError('a node is an object with a name, such as { id: "n1" }');
    }
    if (names.has(id)) throw new RangeError(`there are two nodes of the name ${id}`);
    names.add(id);
    inRange(`weight of ${id}`, weight, { min: 1e-6, max: 1_000 });
  }
}

/** "a", "b" as nodes of weight 1. */
export function evenNodes(ids: readonly string[]): PlacementNode[] {
  return ids.map((id) => ({ id }));
}

/** How many owners are asked for. */
export function checkCount(count: number): void {
  wholeInRange("count", count, { min: 0, max: Number.MAX_SAFE_INTEGER });
}

export function weightOf({ weight = 1 }: PlacementNode): number {
  return weight;
}
