/** The placements side by side: balance, movement against the optimum, memory, time. */
import { onlyKnown, Random, wholeInRange } from "../basics";
import { BoundedRing } from "./bounded-ring";
import { HashRing } from "./hash-ring";
import { JumpHash } from "./jump";
import { KeyRanges } from "./key-ranges";
import { Maglev } from "./maglev";
import { evenNodes, weightOf } from "./placement";
import type { Placement, PlacementNode } from "./placement";
import { Rendezvous } from "./rendezvous";

export interface PlacementContest {
  /** How many nodes, 2 to 1,000; default 10. */
  readonly nodes?: number;
  /** How many keys, 100 to 10 million; default 100,000. */
  readonly keys?: number;
  /** Decides the keys; default 1. */
  readonly seed?: number;
  /** What is compared; default: all of this library. */
  readonly placements?: Readonly<Record<string, MakePlacement>>;
}

/** `keys`: a sample, for those that need one. */
export type MakePlacement = (nodes: readonly PlacementNode[], keys: readonly string[]) => Placement;

/** Movements are parts of all keys, 0 to 1; the best is what any placement has to move. */
export interface PlacementRow {
  readonly placement: string;
  /** Keys of the fullest node over the mean. */
  readonly peakToMean: number;
  readonly movedOnJoin: number;
  readonly bestOnJoin: number;
  readonly movedOnLeave: number;
  readonly bestOnLeave: number;
  /** When one node's weight is doubled. */
  readonly movedOnReweight: number;
  readonly bestOnReweight: number;
  /** The part of keys that moved between nodes that neither joined nor left. */
  readonly movedInVain: number;
  readonly tableBytes: number;
  /** Measured here and now, the median of five rounds. */
  readonly lookupNs: number;
}

const all: Readonly<Record<string, MakePlacement>> = {
  "ring, 1 point a node": (nodes) => new HashRing(nodes, { pointsPerNode: 1 }),
  "ring, 160 points": (nodes) => new HashRing(nodes),
  "ring, ketama": (nodes) => new HashRing(nodes, { dialect: "ketama" }),
  "bounded ring, 1.05": (nodes, { length }) =>
    new BoundedRing(nodes, { balance: 1.05, expectedKeys: length }),
  jump: (nodes) => new JumpHash(nodes),
  rendezvous: (nodes) => new Rendezvous(nodes),
  maglev: (nodes) => new Maglev(nodes),
  ranges: (nodes, keys) => KeyRanges.fromSample(nodes, keys),
};

/** Throws a RangeError that names the option that is wrong. */
export function comparePlacements(contest: PlacementContest = {}): PlacementRow[] {
  onlyKnown("comparePlacements", contest, ["nodes", "keys", "seed", "placements"]);
  const nodes = wholeInRange("nodes", contest.nodes ?? 10, { min: 2, max: 1_000 });
  const count = wholeInRange("keys", contest.keys ?? 100_000, { min: 100, max: 1e7 });
  const random = new Random(contest.seed ?? 1);
  const keys = Array.from({ length: count }, (_, i) => `wallet-${random.uint32()}-${i}`);
  const ids = evenNodes(Array.from({ length: nodes }, (_, i) => `n${i + 1}`));
  const placements = Object.entries(contest.placements ?? all);
  return placements.map(([name, make]) => rowOf(name, make(ids, keys), keys));
}

function rowOf(placement: string, before: Placement, keys: readonly string[]): PlacementRow {
  const { nodes } = before;
  const leaver = nodes[Math.floor(nodes.length / 2)].id;
  const joined = changeOf(before, [...nodes, { id: "newcomer" }], keys);
  const left = changeOf(
    before,
    nodes.filter(({ id }) => id !== leaver),
    keys,
  );
  const heavier = nodes.map((node) => (node.id === leaver ? { ...node, weight: 2 } : node));
  const reweighted = changeOf(before, heavier, keys);
  return {
    placement,
    peakToMean: peakToMean(ownersOf(before, keys), nodes.length),
    movedOnJoin: joined.moved,
    bestOnJoin: joined.best,
    movedOnLeave: left.moved,
    bestOnLeave: left.best,
    movedOnReweight: reweighted.moved,
    bestOnReweight: reweighted.best,
    movedInVain: joined.inVain + left.inVain,
    tableBytes: before.tableBytes,
    lookupNs: lookupNs(before, keys),
  };
}

/** A bounded ring knows an owner when it holds the key. */
function ownersOf(placement: Placement, keys: readonly string[]): string[] {
  if (!(placement instanceof BoundedRing)) return keys.map((key) => placement.owner(key));
  return keys.map((key) => placement.take(key));
}

function changeOf(
  before: Placement,
  nodes: readonly PlacementNode[],
  keys: readonly string[],
): { moved: number; best: number; inVain: number } {
  const [old, now] = [ownersOf(before, keys), ownersOf(before.withNodes(nodes), keys)];
  const has = (list: readonly PlacementNode[], id: string): boolean =>
    list.some((node) => node.id === id);
  const moves = keys.flatMap((_, i) => (old[i] === now[i] ? [] : [[old[i], now[i]] as const]));
  const inVain = moves.filter(([from, to]) => has(nodes, from) && has(before.nodes, to));
  return {
    moved: moves.length / keys.length,
    best: leastMoved(before.nodes, nodes),
    inVain: inVain.length / keys.length,
  };
}

/** The sum of what the nodes have to gain: their shares after the change less those before. */
function leastMoved(before: readonly PlacementNode[], after: readonly PlacementNode[]): number {
  const [old, now] = [sharesOf(before), sharesOf(after)];
  return [...now].reduce((sum, [id, share]) => sum + Math.max(0, share - (old.get(id) ?? 0)), 0);
}

function sharesOf(nodes: readonly PlacementNode[]): Map<string, number> {
  const total = nodes.reduce((sum, node) => sum + weightOf(node), 0);
  return new Map(nodes.map((node) => [node.id, weightOf(node) / total]));
}

/** Nodes that have no key count for the mean too. */
function peakToMean(owners: readonly string[], nodes: number): number {
  const loads = new Map<string, number>();
  for (const owner of owners) loads.set(owner, (loads.get(owner) ?? 0) + 1);
  return (Math.max(...loads.values()) * nodes) / owners.length;
}

function lookupNs(placement: Placement, keys: readonly string[]): number {
  const rounds = Array.from({ length: 5 }, () => {
    const start = process.hrtime.bigint();
    for (const key of keys) placement.owner(key);
    return Number(process.hrtime.bigint() - start) / keys.length;
  });
  return rounds.sort((left, right) => left - right)[2];
}
