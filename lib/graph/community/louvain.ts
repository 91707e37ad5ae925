/**
 * Communities of many edges inside and few between: by Louvain's method, and by Leiden's, which
 * refines every level so that no community falls apart.
 *
 * Source: V. Blondel, J.-L. Guillaume, R. Lambiotte, E. Lefebvre 2008; V. Traag, L. Waltman, N. J.
 * van Eck 2019. On one thread: moves depend on the moves before them.
 * Guarantees: the same seed the same answer; `leiden`: every community is connected.
 * Cost: about linear in arcs, some five levels.
 */
import { Random, inRange } from "../../basics";
import type { CsrGraph } from "../structure/csr-graph";
import { everyoneAlone, firstLevel, fold, renumber } from "./level";
import type { Level } from "./level";
import { moveLocally } from "./local-moves";
import type { MoveOptions } from "./local-moves";
import { qualityOf } from "./modularity";
import { refine } from "./refine";

export interface CommunityOptions {
  /** More gives smaller communities; default 1. */
  readonly resolution?: number;
  /** Decides the order in which vertices are visited; default 1. */
  readonly seed?: number;
}

export interface CommunityResult {
  /** By vertex, numbered from 0 in the order of their first member. */
  readonly communities: Uint32Array;
  readonly count: number;
  readonly modularity: number;
  /** How often the graph was folded. */
  readonly levels: number;
}

/** Throws a RangeError for a directed graph. */
export function louvain(graph: CsrGraph, options: CommunityOptions = {}): CommunityResult {
  return search(graph, options, false);
}

/** As `louvain`, each level refined before it is folded. */
export function leiden(graph: CsrGraph, options: CommunityOptions = {}): CommunityResult {
  return search(graph, options, true);
}

/** Far more than any graph needs: each level has fewer vertices than the one before. */
const mostLevels = 100;

function search(graph: CsrGraph, options: CommunityOptions, isRefined: boolean): CommunityResult {
  if (graph.isDirected) throw new RangeError("communities are of undirected graphs only");
  const resolution = inRange("resolution", options.resolution ?? 1, { min: 0, max: 1e9 });
  const moves = { resolution, random: new Random(options.seed ?? 1) };
  let level = firstLevel(graph);
  /** The vertex of the level that each vertex of the graph has become part of. */
  const belongs = everyoneAlone(level.size);
  let communities = belongs.slice();
  let levels = 0;
  for (; levels < mostLevels && level.totalStrength > 0; levels++) {
    moveLocally(level, communities, moves);
    const count = renumber(communities);
    if (count === level.size) break;
    const next = foldOnce(level, communities, { ...moves, count, isRefined });
    for (let v = 0; v < belongs.length; v++) belongs[v] = next.parts[belongs[v]];
    ({ level, communities } = next);
  }
  const quality = qualityOf(level, communities, resolution);
  for (let v = 0; v < belongs.length; v++) belongs[v] = communities[belongs[v]];
  const count = renumber(belongs);
  return { communities: belongs, count, modularity: quality, levels };
}

interface FoldedLevel {
  readonly level: Level;
  /** What each vertex of the level before has become. */
  readonly parts: Uint32Array;
  /** What the vertices of the new level begin with. */
  readonly communities: Uint32Array;
}

function foldOnce(
  level: Level,
  communities: Uint32Array,
  options: MoveOptions & { readonly count: number; readonly isRefined: boolean },
): FoldedLevel {
  const { count, isRefined } = options;
  const parts = isRefined ? refine(level, communities, options) : communities;
  const partCount = isRefined ? renumber(parts) : count;
  const inherited = everyoneAlone(partCount);
  if (isRefined) for (let v = 0; v < level.size; v++) inherited[parts[v]] = communities[v];
  return { level: fold(level, parts, partCount), parts, communities: inherited };
}
