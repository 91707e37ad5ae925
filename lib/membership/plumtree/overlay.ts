/** Overlays for broadcast trees: who is whose neighbour. */
import { onlyKnown, Random, wholeInRange } from "../../basics";
import type { NodeId } from "../../protocol";

export interface OverlayOptions {
  readonly seed: number;
  /** Neighbours of a node, an even number from 2; default 4. */
  readonly degree?: number;
  /**
   * With regions, all but two of them are in a node's own region, so that few links are long.
   * Default: none.
   */
  readonly regions?: Readonly<Record<NodeId, string>>;
}

/**
 * The union of random rings through all nodes: connected, links go both ways, all degrees about
 * alike; so the diameter is in O(log n). Throws a RangeError for an odd degree.
 */
export function overlayOf(
  nodes: readonly NodeId[],
  options: OverlayOptions,
): ReadonlyMap<NodeId, readonly NodeId[]> {
  onlyKnown("overlayOf", options, ["seed", "degree", "regions"]);
  const degree = wholeInRange("degree", options.degree ?? 4, { min: 2, max: 1_000 });
  if (degree % 2 === 1) throw new RangeError(`degree must be an even number, but was ${degree}`);
  const random = new Random(options.seed, 40);
  const neighbours = new Map(nodes.map((node) => [node, new Set<NodeId>()]));
  addRing(neighbours, random.shuffle(nodes));
  for (let ring = 1; ring < degree / 2; ring++) {
    for (const group of groupsOf(nodes, options.regions))
      addRing(neighbours, random.shuffle(group));
  }
  return new Map([...neighbours].map(([node, others]) => [node, [...others]]));
}

function groupsOf(
  nodes: readonly NodeId[],
  regions: Readonly<Record<NodeId, string>> | undefined,
): readonly (readonly NodeId[])[] {
  if (regions === undefined) return [nodes];
  const groups = new Map<string, NodeId[]>();
  for (const node of nodes) {
    const region = regions[node] ?? node;
    groups.set(region, [...(groups.get(region) ?? []), node]);
  }
  return [...groups.values()];
}

function addRing(neighbours: Map<NodeId, Set<NodeId>>, ring: readonly NodeId[]): void {
  ring.forEach((node, i) => {
    const next = ring[(i + 1) % ring.length] as NodeId;
    if (next === node) return;
    neighbours.get(node)?.add(next);
    neighbours.get(next)?.add(node);
  });
}
