/** How far lookups go on a ring that stands still, or that grows one by one. */
import { onlyKnown, Random, wholeInRange } from "../../../basics";
import { Simulator } from "../../../hosts";
import type { SimulatedNote } from "../../../hosts";
import { Chord } from "../chord";
import type { ChordMessage, ChordTimer } from "../messages";
import { chordOptions } from "../options";
import type { ChordOptions } from "../options";
import { distance, placeOf } from "../places";

export interface HopsOptions {
  readonly seed: number;
  /** 1 to 10,000; all are founders, and find their fingers by lookups. */
  readonly nodes: number;
  /** Of random places, by random nodes; default 1,000. */
  readonly lookups?: number;
  readonly options?: Partial<ChordOptions>;
}

export interface Hops {
  readonly nodes: number;
  /** Nodes on the way in the mean, the owner among them. */
  readonly mean: number;
  /** How many lookups took 0 hops, 1 hop, 2... */
  readonly counts: readonly number[];
  /** Lookups that named another node than the owner; 0 on a ring that stands still. */
  readonly wrong: number;
  /** Different fingers of a node in the mean. */
  readonly fingers: number;
}

/** Throws a RangeError for an option that is wrong. */
export function measureHops(given: HopsOptions): Hops {
  onlyKnown("measureHops", given, ["seed", "nodes", "lookups", "options"]);
  const nodes = wholeInRange("nodes", given.nodes, { min: 1, max: 10_000 });
  const lookups = wholeInRange("lookups", given.lookups ?? 1_000, { min: 1, max: 1_000_000 });
  const names = Array.from({ length: nodes }, (_, i) => `n${i + 1}`);
  const options = { founders: names, repairMs: 0, ...given.options };
  const found: Found[] = [];
  const simulator = new Simulator<ChordMessage, ChordTimer>({
    ...{ seed: given.seed, isTraced: false },
    onNote: ({ label, detail }: SimulatedNote) => {
      if (label === "found") found.push(detail as Found);
    },
  });
  for (const id of names) simulator.add(id, Chord, { peers: [], options });
  const { bits, fingerMs } = chordOptions(options);
  // Each finger once, and none of those that are as near as the successor takes a turn.
  simulator.run({ untilMs: fingerMs * (Math.ceil(Math.log2(nodes)) + 8) });
  const random = new Random(given.seed, 201);
  for (let i = 0; i < lookups; i++) {
    const place = Math.floor(random.next() * 2 ** bits);
    simulator.inject("outside", random.pick(names), { type: "lookup", place });
    simulator.run({ untilMs: simulator.nowMs + 1 });
  }
  simulator.run({ untilMs: simulator.nowMs + 5_000 });
  const all = names.map((id) => simulator.nodeOf(id) as Chord);
  return { nodes, ...summaryOf(found, ownersOf(names, options)), fingers: meanFingers(all) };
}

interface Found {
  readonly place: number;
  readonly owner: string;
  readonly hops: number;
}

function summaryOf(found: readonly Found[], ownerOf: (place: number) => string) {
  const counts: number[] = [];
  for (const { hops } of found) {
    while (counts.length <= hops) counts.push(0);
    counts[hops]++;
  }
  const mean = found.reduce((sum, { hops }) => sum + hops, 0) / found.length;
  const wrong = found.filter(({ place, owner }) => owner !== ownerOf(place)).length;
  return { mean, counts, wrong };
}

/** By looking at all nodes: the first at the place or after it. */
function ownersOf(names: readonly string[], given: Partial<ChordOptions>) {
  const options = chordOptions(given);
  return (place: number): string => {
    const away = (id: string): number => distance(options, place, placeOf(options, id));
    return names.reduce((best, id) => (away(id) < away(best) ? id : best));
  };
}

function meanFingers(nodes: readonly Chord[]): number {
  const sizes = nodes.map(({ fingers }) => new Set(fingers.filter((id) => id !== null)).size);
  return sizes.reduce((sum, size) => sum + size, 0) / nodes.length;
}
