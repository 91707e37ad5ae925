/** A graph of communities as Louvain's method folds it: what the members share is summed up. */
import type { CsrGraph } from "../structure/csr-graph";
import { sumUp } from "../structure/transpose";

/** A class, so that compiled code meets one shape of object at every level. */
export class Level {
  readonly size: number;
  /** Of all vertices together: twice the weight of all edges. */
  readonly totalStrength: number;

  constructor(
    readonly offsets: Uint32Array,
    /** May name the vertex itself; that is passed over. */
    readonly targets: Uint32Array,
    readonly weights: Float64Array,
    /** The weight of all arcs of a vertex, also within what it stands for; a loop counts twice. */
    readonly strengths: Float64Array,
  ) {
    this.size = strengths.length;
    let totalStrength = 0;
    for (let vertex = 0; vertex < this.size; vertex++) totalStrength += strengths[vertex];
    this.totalStrength = totalStrength;
  }
}

export function firstLevel(graph: CsrGraph): Level {
  const { vertices: size, offsets, targets } = graph;
  const weights = graph.weights ?? new Float64Array(targets.length).fill(1);
  const strengths = new Float64Array(size);
  for (let vertex = 0; vertex < size; vertex++) {
    let strength = 0;
    for (let i = offsets[vertex]; i < offsets[vertex + 1]; i++) {
      strength += targets[i] === vertex ? 2 * weights[i] : weights[i];
    }
    strengths[vertex] = strength;
  }
  return new Level(offsets, targets, weights, strengths);
}

/** The communities to begin with. */
export function everyoneAlone(size: number): Uint32Array {
  const communities = new Uint32Array(size);
  for (let vertex = 0; vertex < size; vertex++) communities[vertex] = vertex;
  return communities;
}

/** A vertex for each of the `count` communities, joined as their members are. */
export function fold(level: Level, communities: Uint32Array, count: number): Level {
  const { offsets, targets, weights } = level;
  const { members, starts } = groupMembers(communities, count);
  const newOffsets = new Uint32Array(count + 1);
  const newTargets = new Uint32Array(targets.length);
  const newWeights = new Float64Array(targets.length);
  const strengths = new Float64Array(count);
  const places = new Int32Array(count).fill(-1);
  let length = 0;
  for (let community = 0; community < count; community++) {
    const first = length;
    for (let m = starts[community]; m < starts[community + 1]; m++) {
      const member = members[m];
      strengths[community] += level.strengths[member];
      for (let i = offsets[member]; i < offsets[member + 1]; i++) {
        const other = communities[targets[i]];
        if (other === community) continue;
        if (places[other] < first) newTargets[(places[other] = length++)] = other;
        newWeights[places[other]] += weights[i];
      }
    }
    newOffsets[community + 1] = length;
  }
  const kept = [newTargets.subarray(0, length), newWeights.subarray(0, length)] as const;
  return new Level(newOffsets, ...kept, strengths);
}

function groupMembers(
  communities: Uint32Array,
  count: number,
): { members: Uint32Array; starts: Uint32Array } {
  const starts = new Uint32Array(count + 1);
  for (let v = 0; v < communities.length; v++) starts[communities[v] + 1]++;
  sumUp(starts);
  const next = starts.slice();
  const members = new Uint32Array(communities.length);
  for (let v = 0; v < communities.length; v++) members[next[communities[v]]++] = v;
  return { members, starts };
}

/**
 * Numbers communities from 0 in the order of their first member, in place; returns how many. They
 * must be below the number of vertices.
 */
export function renumber(communities: Uint32Array): number {
  const numbers = new Int32Array(communities.length).fill(-1);
  let count = 0;
  for (let vertex = 0; vertex < communities.length; vertex++) {
    const community = communities[vertex];
    if (numbers[community] === -1) numbers[community] = count++;
    communities[vertex] = numbers[community];
  }
  return count;
}
