/**
 * Nanoseconds a lookup of every placement, 10 nodes, interleaved with npm hashring (MD5, 40 digests
 * of four points a node). Its cache of 5,000 keys is as it ships; the 50,000 keys do not fit in it.
 * The bounded ring once empty, and once full of other keys, where a lookup passes over nodes.
 */
import { BoundedRing, evenNodes, HashRing, JumpHash, KeyRanges } from "dabbawala/partitioning";
import { Maglev, Rendezvous } from "dabbawala/partitioning";
import type { Placement } from "dabbawala/partitioning";
import { interleaved } from "./benchmark";
import type { BenchmarkRow } from "./benchmark";

const Peer = require("hashring") as new (servers: readonly string[]) => {
  get(key: string): string;
};

const servers = Array.from({ length: 10 }, (_, i) => `10.0.0.${i}:11211`);
const nodes = evenNodes(servers);
const keys = Array.from({ length: 50_000 }, (_, i) => `wallet-${i}`);
/** Keys that the full ring holds. */
const held = 50_000;
/** The peer looks up each key once in a round, ours so many times: both take some 0.1 s. */
const times = 20;

const contestants: readonly { name: string; placement: Placement; bar: number | null }[] = [
  { name: "ring, murmur3, 160 points", placement: new HashRing(nodes), bar: 10 },
  {
    name: "ring, ketama: the same owners",
    placement: new HashRing(nodes, { dialect: "ketama" }),
    bar: null,
  },
  { name: "bounded ring, empty", placement: new BoundedRing(nodes), bar: null },
  { name: "bounded ring, holds 50,000 others", placement: fullRing(), bar: null },
  { name: "jump", placement: new JumpHash(nodes), bar: 20 },
  { name: "rendezvous", placement: new Rendezvous(nodes), bar: null },
  { name: "Maglev, 65,537 slots", placement: new Maglev(nodes), bar: 20 },
  { name: "ranges, 160 of them", placement: KeyRanges.fromSample(nodes, keys), bar: null },
];

export async function run(): Promise<BenchmarkRow[]> {
  const rows: BenchmarkRow[] = [];
  for (const contestant of contestants) rows.push(await rowOf(contestant));
  return rows;
}

/** Holds as many keys as there are, of which none is asked for; nodes are as full as may be. */
function fullRing(): BoundedRing {
  const ring = new BoundedRing(nodes, { balance: 1.05, expectedKeys: held });
  for (let i = 0; i < held; i++) ring.take(`held-${i}`);
  return ring;
}

async function rowOf({
  name,
  placement,
  bar,
}: (typeof contestants)[number]): Promise<BenchmarkRow> {
  const peer = new Peer(servers);
  const { ours, peer: theirs } = await interleaved({
    ours: () => {
      for (let i = 0; i < times; i++) for (const key of keys) placement.owner(key);
    },
    peer: () => {
      for (const key of keys) peer.get(key);
    },
  });
  const ourNs = (ours.medianMs * 1e6) / (times * keys.length);
  const theirNs = (theirs.medianMs * 1e6) / keys.length;
  return {
    work: `placement: ${name}, 10 nodes, a lookup`,
    ours: `${ourNs.toFixed(0)} ns`,
    peer: `hashring ${theirNs.toFixed(0)} ns`,
    ratio: theirNs / ourNs,
    bar,
  };
}
