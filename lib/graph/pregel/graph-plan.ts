/** A graph as plain data, as options of nodes have to be. */
import { buildGraph } from "../structure/build-graph";
import type { CsrGraph } from "../structure/csr-graph";

export interface GraphPlan {
  readonly vertices: number;
  readonly isDirected: boolean;
  readonly sources: readonly number[];
  readonly targets: readonly number[];
  readonly weights?: readonly number[];
}

export const emptyPlan: GraphPlan = { vertices: 0, isDirected: false, sources: [], targets: [] };

export function planOf(graph: CsrGraph): GraphPlan {
  const sources: number[] = [];
  const targets: number[] = [];
  const weights: number[] = [];
  for (let vertex = 0; vertex < graph.vertices; vertex++) {
    for (let i = graph.offsets[vertex]; i < graph.offsets[vertex + 1]; i++) {
      if (!graph.isDirected && graph.targets[i] < vertex) continue;
      sources.push(vertex);
      targets.push(graph.targets[i]);
      weights.push(graph.weights?.[i] ?? 1);
    }
  }
  const { vertices, isDirected } = graph;
  const plan = { vertices, isDirected, sources, targets };
  return graph.weights === undefined ? plan : { ...plan, weights };
}

/** Built once a plan: the same input for all workers, as files in a shared file system are. */
const built = new WeakMap<GraphPlan, CsrGraph>();

/** A plan that stands for a graph in the memory of this thread. */
export function planInMemory(graph: CsrGraph): GraphPlan {
  const plan = { ...emptyPlan };
  built.set(plan, graph);
  return plan;
}

export function graphOf(plan: GraphPlan): CsrGraph {
  const known = built.get(plan);
  if (known !== undefined) return known;
  const graph = buildGraph(plan, plan);
  built.set(plan, graph);
  return graph;
}
