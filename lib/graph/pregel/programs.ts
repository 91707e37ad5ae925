/** Vertex programs that are ready, and how workers find one by its name. */
import { InputError, inRange } from "../../basics";
import type { VertexProgram } from "./program";

/** PageRank for `supersteps` rounds; Malewicz 2010, section 5.1; dangling vertices jump. */
export function pageRankProgram(supersteps: number, damping = 0.85): VertexProgram {
  inRange("damping", damping, { min: 0, max: 1 });
  const add = (left: number, right: number): number => left + right;
  return {
    scope: { supersteps, damping, add },
    initial: ({ vertices }) => 1 / vertices,
    combine: add,
    aggregators: { dangling: { initial: 0, add } },
    compute: (vertex, messages) => {
      if (vertex.superstep > 0) {
        const jumps = 1 - damping + damping * vertex.aggregated("dangling");
        vertex.value = jumps / vertex.vertices + damping * messages.reduce(add, 0);
      }
      if (vertex.superstep >= supersteps) return vertex.voteToHalt();
      if (vertex.degree === 0) vertex.aggregate("dangling", vertex.value);
      else vertex.sendToAll(vertex.value / vertex.degree);
    },
  };
}

/** Not Math.min itself, which has no text that could travel to a thread. */
const least = (left: number, right: number): number => Math.min(left, right);

/** The smallest vertex of each component: of undirected graphs. */
export const componentsProgram: VertexProgram = {
  initial: ({ id }) => id,
  combine: least,
  compute: (vertex, messages) => {
    const nearest = messages.reduce((left, right) => Math.min(left, right), vertex.value);
    if (nearest < vertex.value || vertex.superstep === 0) {
      vertex.value = nearest;
      vertex.sendToAll(nearest);
    }
    vertex.voteToHalt();
  },
};

/** Distances from `source`; section 5.2. */
export function shortestPathsProgram(source: number): VertexProgram {
  return {
    initial: () => Infinity,
    scope: { source },
    combine: least,
    compute: (vertex, messages) => {
      const start = vertex.id === source && vertex.superstep === 0 ? 0 : Infinity;
      const nearest = messages.reduce((left, right) => Math.min(left, right), start);
      if (nearest < vertex.value) {
        vertex.value = nearest;
        vertex.neighbours.forEach((target, i) => {
          vertex.send(target, nearest + (vertex.weights?.[i] ?? 1));
        });
      }
      vertex.voteToHalt();
    },
  };
}

const known = new Map<string, VertexProgram>([
  ["pageRank", pageRankProgram(30)],
  ["components", componentsProgram],
  ["shortestPaths", shortestPathsProgram(0)],
]);

/**
 * Gives a program a name under which the nodes of a simulated cluster find it: a node is made of
 * plain data, so that it carries the name and not the function.
 */
export function defineProgram(name: string, program: VertexProgram): void {
  known.set(name, program);
}

export function programOf(name: string): VertexProgram {
  const program = known.get(name);
  if (program !== undefined) return program;
  const names = [...known.keys()].join(", ");
  throw new InputError(`no vertex program is called "${name}": define it, or choose of ${names}`);
}
