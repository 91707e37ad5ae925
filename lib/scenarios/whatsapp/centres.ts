/** Data centres in cities: which node is where, and what the links between them are like. */
import { wholeInRange } from "../../basics";
import { betweenCities } from "../../hosts";
import type { City, LinkRule } from "../../hosts";
import type { NodeId } from "../../protocol";

/** Every centre's nodes; n1 is in the first one. */
export interface Centres {
  readonly nodes: readonly NodeId[];
  /** The city of each node. */
  readonly homes: Readonly<Record<NodeId, City>>;
  /** For `network.links` of a simulator: one rule a pair of cities. */
  readonly links: readonly LinkRule[];
  nodesIn(city: City): NodeId[];
}

/** Throws a RangeError for a city that there is not, or a number that is out of range. */
export function centresOf(cities: readonly City[], nodesPerCentre: number): Centres {
  const count = wholeInRange("nodesPerCentre", nodesPerCentre, { min: 1, max: 10_000 });
  wholeInRange("number of cities", cities.length, { min: 1, max: 18 });
  const homes: Record<NodeId, City> = {};
  cities.forEach((city, i) => {
    for (let k = 1; k <= count; k++) homes[`n${i * count + k}`] = city;
  });
  const nodes = Object.keys(homes);
  const nodesIn = (city: City): NodeId[] => nodes.filter((node) => homes[node] === city);
  const links = cities.flatMap((from) =>
    cities.map((to) => {
      return { from: nodesIn(from), to: nodesIn(to), latency: betweenCities(from, to) };
    }),
  );
  return { nodes, homes, links, nodesIn };
}
