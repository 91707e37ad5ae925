/**
 * Where the nodes stand on a ring of 2^32 places. Two dialects: "murmur3", our own, where a node's
 * points depend on it alone; and "ketama", that of the npm package hashring with its defaults
 * (libketama's: 40 MD5 digests a node, four points each, the weights' sum shared out). There a node
 * too light for a digest never has a key, without a word; here it is refused.
 */
import { md5, murmur32 } from "../basics";
import type { PlacementNode } from "./placement";
import { weightOf } from "./placement";

export type RingDialect = "murmur3" | "ketama";

export interface RingPoints {
  /** Ascending. */
  readonly points: Uint32Array;
  /** Whose point it is: an index into the nodes. */
  readonly nodes: Uint32Array;
}

export function ringPoints(
  nodes: readonly PlacementNode[],
  dialect: RingDialect,
  pointsPerNode: number,
): RingPoints {
  const made = dialect === "ketama" ? ketamaPoints(nodes) : murmurPoints(nodes, pointsPerNode);
  // Equal points: of our dialect, whose name is less; of ketama, who was named first.
  const isBefore = (left: number, right: number): number =>
    dialect === "ketama" ? left - right : nodes[left].id < nodes[right].id ? -1 : 1;
  made.sort((left, right) => left.point - right.point || isBefore(left.node, right.node));
  return {
    points: Uint32Array.from(made, ({ point }) => point),
    nodes: Uint32Array.from(made, ({ node }) => node),
  };
}

interface Point {
  readonly point: number;
  readonly node: number;
}

function murmurPoints(nodes: readonly PlacementNode[], pointsPerNode: number): Point[] {
  return nodes.flatMap((each, node) => {
    const length = Math.max(1, Math.round(pointsPerNode * weightOf(each)));
    return Array.from({ length }, (_, i) => ({ point: murmur32(each.id, i), node }));
  });
}

const digestsPerNode = 40;

function ketamaPoints(nodes: readonly PlacementNode[]): Point[] {
  const total = nodes.reduce((sum, node) => sum + weightOf(node), 0);
  return nodes.flatMap((each, node) => {
    const digests = Math.floor((weightOf(each) / total) * digestsPerNode * nodes.length);
    if (digests === 0) {
      throw new RangeError(`${each.id} weighs too little for a point of a "ketama" ring`);
    }
    return Array.from({ length: digests }, (_, i) => {
      const digest = md5(`${each.id}-${i}`);
      return [0, 4, 8, 12].map((at) => ({ point: littleEndian(digest, at), node }));
    }).flat();
  });
}

/** Where a key stands. */
export function ringHash(key: string, dialect: RingDialect): number {
  return dialect === "ketama" ? littleEndian(md5(key), 0) : murmur32(key);
}

function littleEndian(bytes: Uint8Array, at: number): number {
  const low = bytes[at] | (bytes[at + 1] << 8);
  return (low | (bytes[at + 2] << 16) | (bytes[at + 3] << 24)) >>> 0;
}
