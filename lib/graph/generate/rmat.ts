/**
 * Recursive matrix graphs: few vertices with very many edges, many with few, as in social networks.
 *
 * Source: D. Chakrabarti, Y. Zhan, C. Faloutsos, "R-MAT: A Recursive Model for Graph Mining", SDM
 * 2004; parameters and the shuffle of vertices from Graph500 (a, b, c, d = 0.57, 0.19, 0.19, 0.05).
 * Cost: `scale` draws an edge.
 */
import { Random, inRange, wholeInRange } from "../../basics";
import { buildGraph } from "../structure/build-graph";
import type { CsrGraph } from "../structure/csr-graph";

export interface RmatOptions {
  /** 2^scale vertices, 1 to 26. */
  readonly scale: number;
  /** Edges a vertex; default 16. Repeated edges and loops among them count. */
  readonly edgeFactor?: number;
  /** Default 0.57, 0.19, 0.19; the fourth is what is left to 1. */
  readonly a?: number;
  readonly b?: number;
  readonly c?: number;
  readonly seed?: number;
  /** Default true. */
  readonly isDirected?: boolean;
  /** Drops loops and repeated edges; default false. */
  readonly isSimple?: boolean;
}

export function rmat(options: RmatOptions): CsrGraph {
  const { isDirected = true, isSimple = false } = options;
  const scale = wholeInRange("scale", options.scale, { min: 1, max: 26 });
  const vertices = 2 ** scale;
  const edges = Math.round(
    vertices * inRange("edgeFactor", options.edgeFactor ?? 16, { min: 0, max: 256 }),
  );
  const random = new Random(options.seed ?? 1);
  const names = shuffledNames(vertices, random);
  const { sources, targets } = drawEdges(edges, scale, { random, limits: limitsOf(options) });
  for (let i = 0; i < edges; i++) {
    sources[i] = names[sources[i]];
    targets[i] = names[targets[i]];
  }
  return buildGraph({ sources, targets }, { vertices, isDirected, isSimple });
}

/** Below the first number a draw goes to the upper left quarter, and so on; of 2^32. */
function limitsOf({ a = 0.57, b = 0.19, c = 0.19 }: RmatOptions): readonly number[] {
  inRange("a", a, { min: 0, max: 1 });
  inRange("b", b, { min: 0, max: 1 - a });
  inRange("c", c, { min: 0, max: 1 - a - b + 1e-12 });
  return [a, a + b, a + b + c].map((share) => share * 2 ** 32);
}

function drawEdges(
  edges: number,
  scale: number,
  { random, limits: [a, ab, abc] }: { random: Random; limits: readonly number[] },
): { sources: Uint32Array; targets: Uint32Array } {
  const sources = new Uint32Array(edges);
  const targets = new Uint32Array(edges);
  const draws = new Uint32Array(scale);
  for (let i = 0; i < edges; i++) {
    random.fill(draws);
    let [source, target] = [0, 0];
    for (let level = 0; level < scale; level++) {
      const draw = draws[level];
      source = (source << 1) | (draw >= ab ? 1 : 0);
      target = (target << 1) | ((draw >= a && draw < ab) || draw >= abc ? 1 : 0);
    }
    sources[i] = source;
    targets[i] = target;
  }
  return { sources, targets };
}

/** A random permutation (Fisher and Yates): else the vertices of many edges would be neighbours. */
function shuffledNames(vertices: number, random: Random): Uint32Array {
  const names = Uint32Array.from({ length: vertices }, (_, i) => i);
  for (let i = vertices - 1; i > 0; i--) {
    const j = random.below(i + 1);
    const swapped = names[i];
    names[i] = names[j];
    names[j] = swapped;
  }
  return names;
}
