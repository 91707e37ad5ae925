/**
 * Places the boxes of a graph without cycles in layers, few crossings between them: every edge goes
 * forwards.
 *
 * Source: K. Sugiyama, S. Tagawa, M. Toda, "Methods for Visual Understanding of Hierarchical System
 * Structures", IEEE SMC 11(2), 1981: layers by longest path, order by barycentre, in sweeps.
 * Cost: O(sweeps x edges), edges over several layers counted once a layer.
 */

export interface Edge {
  readonly from: string;
  readonly to: string;
}

export interface Layering {
  /** From first to last; a name that is no node is a bend of a long edge. */
  readonly layers: readonly (readonly string[])[];
  /** For each edge, in their order, the names it passes, its ends included. */
  readonly paths: readonly (readonly string[])[];
}

const sweeps = 8;

/** Throws a RangeError that names the nodes of a cycle. */
export function layer(nodes: readonly string[], edges: readonly Edge[]): Layering {
  const depth = depths(nodes, edges);
  const layers: string[][] = [];
  const put = (name: string, level: number): void => void (layers[level] ??= []).push(name);
  for (const node of nodes) put(node, depth.get(node) ?? 0);
  const paths = edges.map(({ from, to }, i) => {
    const [first, last] = [depth.get(from) ?? 0, depth.get(to) ?? 0];
    const bends = Array.from({ length: last - first - 1 }, (_, k) => `bend ${i}/${k}`);
    bends.forEach((bend, k) => put(bend, first + 1 + k));
    return [from, ...bends, to];
  });
  const steps = paths.flatMap((path) => path.slice(1).map((to, k) => ({ from: path[k]!, to })));
  return { layers: order(layers, steps), paths };
}

/** The longest way from a node without predecessors. */
function depths(nodes: readonly string[], edges: readonly Edge[]): Map<string, number> {
  const before = new Map(nodes.map((node) => [node, [] as string[]]));
  for (const { from, to } of edges) before.get(to)?.push(from);
  const depth = new Map<string, number>();
  const visit = (node: string, way: readonly string[]): number => {
    const known = depth.get(node);
    if (known !== undefined) return known;
    if (way.includes(node)) {
      const cycle = [...way.slice(way.indexOf(node)), node].reverse().join(" -> ");
      throw new RangeError(`the diagram has a cycle: ${cycle}`);
    }
    const earlier = (before.get(node) ?? []).map((from) => visit(from, [...way, node]) + 1);
    depth.set(node, Math.max(0, ...earlier));
    return depth.get(node) as number;
  };
  for (const node of nodes) visit(node, []);
  return depth;
}

function order(layers: readonly string[][], steps: readonly Edge[]): string[][] {
  let best = layers.map((names) => [...names]);
  let fewest = crossings(best, steps);
  let current = best;
  for (let sweep = 0; sweep < sweeps && fewest > 0; sweep++) {
    current = sweepOnce(current, steps, sweep % 2 === 0);
    const count = crossings(current, steps);
    if (count >= fewest) continue;
    [best, fewest] = [current, count];
  }
  return best;
}

/** Each layer by the mean place of its neighbours in the layer before, forwards or backwards. */
function sweepOnce(layers: readonly string[][], steps: readonly Edge[], isForward: boolean) {
  const result = layers.map((names) => [...names]);
  const numbers = result.map((_, i) => i);
  for (const i of isForward ? numbers.slice(1) : numbers.reverse().slice(1)) {
    const fixed = placesOf(result[isForward ? i - 1 : i + 1] as string[]);
    const own = placesOf(result[i] as string[]);
    const mean = (name: string): number => {
      const places = steps.flatMap(({ from, to }) => {
        const neighbour = isForward ? (to === name ? from : "") : from === name ? to : "";
        return fixed.get(neighbour) ?? [];
      });
      const sum = places.reduce((total, place) => total + place, 0);
      return places.length === 0 ? (own.get(name) as number) : sum / places.length;
    };
    const means = new Map((result[i] as string[]).map((name) => [name, mean(name)]));
    result[i] = [...(result[i] as string[])].sort((a, b) => means.get(a)! - means.get(b)!);
  }
  return result;
}

function crossings(layers: readonly string[][], steps: readonly Edge[]): number {
  const places = placesOf([]);
  const levels = new Map<string, number>();
  layers.forEach((names, level) =>
    names.forEach((name, place) => {
      places.set(name, place);
      levels.set(name, level);
    }),
  );
  let count = 0;
  steps.forEach((one, i) => {
    for (const other of steps.slice(i + 1)) {
      if (levels.get(one.from) !== levels.get(other.from)) continue;
      const starts = places.get(one.from)! - places.get(other.from)!;
      const ends = places.get(one.to)! - places.get(other.to)!;
      if (starts * ends < 0) count++;
    }
  });
  return count;
}

function placesOf(names: readonly string[]): Map<string, number> {
  return new Map(names.map((name, place) => [name, place]));
}
