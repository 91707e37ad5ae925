/** Which servers may have a key: the ring of the servers, and that of the gutters. */
import { HashRing, evenNodes } from "../../partitioning";
import type { NodeId } from "../../protocol";
import type { CacheClientOptions, CacheOptions } from "./options";

/** Who is on the rings: the same for all who have to agree on where a key is. */
interface Rings {
  readonly servers: readonly NodeId[];
  readonly options: Pick<CacheOptions, "gutters" | "hotReplicas">;
}

/**
 * The servers on the ring: all peers but the database and the gutters. Throws a RangeError where
 * there are none.
 */
export function serversOf(
  peers: readonly NodeId[],
  { database, gutters }: Pick<CacheClientOptions, "database" | "gutters">,
): readonly NodeId[] {
  const ids = peers.filter((id) => id !== database && !gutters.includes(id));
  if (ids.length === 0) throw new RangeError("a cache client needs the names of servers");
  return ids;
}

export function ownerOf({ servers }: Rings, key: string): NodeId {
  return ringOf(servers).owner(key);
}

/** Those that answer for a hot key, its owner first. */
export function replicasOf({ servers, options }: Rings, key: string): NodeId[] {
  return ringOf(servers).owners(key, options.hotReplicas);
}

export function gutterOf({ options }: Rings, key: string): NodeId | undefined {
  const { gutters } = options;
  return gutters.length === 0 ? undefined : ringOf(gutters).owner(key);
}

/** All that may have the key: its replicas if it is ever hot, and its gutter. */
export function holdersOf(node: Rings, key: string): NodeId[] {
  const gutter = gutterOf(node, key);
  return gutter === undefined ? replicasOf(node, key) : [...replicasOf(node, key), gutter];
}

/** A ring follows from its names: clients keep the names, which are plain data. */
const rings = new WeakMap<readonly NodeId[], HashRing>();

function ringOf(ids: readonly NodeId[]): HashRing {
  const known = rings.get(ids);
  if (known !== undefined) return known;
  const ring = new HashRing(evenNodes(ids));
  rings.set(ids, ring);
  return ring;
}
