/**
 * A ring on which no node holds more than a little over its share: a key whose node is full goes to
 * the next one that is not.
 *
 * Source: V. Mirrokni, M. Thorup, M. Zadimoghaddam, "Consistent hashing with bounded loads", 2016,
 * section 2. Ours places keys as they come and never moves one that has its place, as load
 * balancers do; the paper moves keys back when a node has room again.
 * Guarantees: a node of weight w holds at most ceil(balance x keys x w / sum of weights).
 * Cost: that of the ring, 1 / (balance - 1)^2 steps more in the mean, and a key's name in memory.
 */
import { inRange, wholeInRange } from "../basics";
import { HashRing } from "./hash-ring";
import type { HashRingOptions } from "./hash-ring";
import { weightOf } from "./placement";
import type { Placement, PlacementNode } from "./placement";

export interface BoundedRingOptions extends HashRingOptions {
  /** The most over the mean, over 1 and at most 100; default 1.25. Nearer 1 moves more keys. */
  readonly balance: number;
  /** How many keys will be held, so that bounds do not grow on the way; default: those held. */
  readonly expectedKeys: number;
}

export class BoundedRing implements Placement {
  private readonly ring: HashRing;
  private readonly options: Partial<BoundedRingOptions>;
  private readonly balance: number;
  private readonly weights: ReadonlyMap<string, number>;
  private readonly totalWeight: number;
  private readonly held = new Map<string, string>();
  private readonly loads = new Map<string, number>();

  /** Throws a RangeError for nodes and options that are wrong. */
  constructor(
    readonly nodes: readonly PlacementNode[],
    options: Partial<BoundedRingOptions> = {},
  ) {
    this.ring = new HashRing(nodes, options);
    this.options = options;
    this.balance = inRange("balance", options.balance ?? 1.25, { min: 1 + 1e-9, max: 100 });
    wholeInRange("expectedKeys", options.expectedKeys ?? 0, { min: 0, max: 1e12 });
    this.weights = new Map(nodes.map((node) => [node.id, weightOf(node)]));
    this.totalWeight = nodes.reduce((sum, node) => sum + weightOf(node), 0);
  }

  /** The ring's, and 16 bytes for each key that is held: a reference to it and to its node. */
  get tableBytes(): number {
    return this.ring.tableBytes + 16 * this.held.size;
  }

  /** Holds the key from now on, at the node that is returned. */
  take(key: string): string {
    const owner = this.held.get(key) ?? this.firstWithRoom(key);
    if (!this.held.has(key)) this.loads.set(owner, this.load(owner) + 1);
    this.held.set(key, owner);
    return owner;
  }

  /** The key is gone, and its node has room for another one. */
  release(key: string): void {
    const owner = this.held.get(key);
    if (owner === undefined) return;
    this.held.delete(key);
    this.loads.set(owner, this.load(owner) - 1);
  }

  /** Keys held at a node. */
  load(id: string): number {
    return this.loads.get(id) ?? 0;
  }

  /** What a node may hold, with one key more than are held now. */
  capacity(id: string): number {
    const keys = Math.max(this.held.size + 1, this.options.expectedKeys ?? 0);
    const share = (this.weights.get(id) ?? 0) / this.totalWeight;
    return Math.ceil(this.balance * keys * share);
  }

  /** The node that holds the key, or would if it came now. */
  owner(key: string): string {
    return this.held.get(key) ?? this.firstWithRoom(key);
  }

  owners(key: string, count: number): string[] {
    const first = this.owner(key);
    const others = this.ring.owners(key, count + 1).filter((id) => id !== first);
    return [first, ...others].slice(0, count);
  }

  /** Of the same options; no key is held yet. */
  withNodes(nodes: readonly PlacementNode[]): BoundedRing {
    return new BoundedRing(nodes, this.options);
  }

  /** Nearly always one of the first few has room, so that all are asked for only when none has. */
  private firstWithRoom(key: string): string {
    const hasRoom = (id: string): boolean => this.load(id) < this.capacity(id);
    const near = this.ring.owners(key, 4).find(hasRoom);
    if (near !== undefined) return near;
    return this.ring.owners(key, this.nodes.length).find(hasRoom) ?? this.ring.owner(key);
  }
}
