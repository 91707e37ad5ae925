/** Which servers may have a key. */
import { HashRing, evenNodes } from "../../partitioning";
import type { NodeId } from "../../protocol";
import type { CacheClientOptions } from "./options";

/** The ring of the servers, and that of the gutters. */
export class Places {
  private readonly ring: HashRing;
  private readonly gutters: HashRing | null;
  private readonly hotReplicas: number;

  constructor(peers: readonly NodeId[], { database, gutters, hotReplicas }: CacheClientOptions) {
    const ids = peers.filter((id) => id !== database && !gutters.includes(id));
    if (ids.length === 0) throw new RangeError("a cache client needs the names of servers");
    this.ring = new HashRing(evenNodes(ids));
    this.gutters = gutters.length > 0 ? new HashRing(evenNodes(gutters)) : null;
    this.hotReplicas = hotReplicas;
  }

  owner(key: string): NodeId {
    return this.ring.owner(key);
  }

  /** Those that answer for a hot key, its owner first. */
  replicas(key: string): NodeId[] {
    return this.ring.owners(key, this.hotReplicas);
  }

  gutter(key: string): NodeId | undefined {
    return this.gutters?.owner(key);
  }

  /** All that may have the key: its replicas if it is ever hot, and its gutter. */
  holders(key: string): NodeId[] {
    const gutter = this.gutter(key);
    return gutter === undefined ? this.replicas(key) : [...this.replicas(key), gutter];
  }
}
