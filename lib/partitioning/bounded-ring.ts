/**
 * A ring on which no node holds more than a little over its share: a key whose node is full goes to
 * the next one that is not, and comes back when there is room again.
 *
 * Source: V. Mirrokni, M. Thorup, M. Zadimoghaddam, "Consistent hashing with bounded loads", SODA
 * 2018 (arXiv:1608.01350), sections 1 and 2: a key is as near to its place on the ring as there is
 * room. Ours has weights and rounds each node's bound up; keys are moved one at a time.
 * Guarantees: a node of weight w holds at most ceil(balance x keys x w / sum of weights); all nodes
 * that a key has passed over are full.
 * Cost: that of the ring, 1 / (balance - 1)^2 steps more in the mean; as many moves for a key that
 * comes or goes, and times the keys of a node for a node that does; names of keys in memory.
 */
import { inRange, wholeInRange, withDefaults } from "../basics";
import { HashRing } from "./hash-ring";
import type { HashRingOptions } from "./hash-ring";
import { checkCount, weightOf } from "./placement";
import type { Placement, PlacementNode } from "./placement";

export interface BoundedRingOptions extends HashRingOptions {
  /** The most over the mean, over 1 and at most 100; default 1.25. Nearer 1 moves more keys. */
  readonly balance: number;
  /** How many keys will be held, so that bounds do not grow on the way; default 0: those held. */
  readonly expectedKeys: number;
  /**
   * Default true, as in the paper. If false, a key stays where it was placed, as a connection of a
   * load balancer does, and bounds that shrink do not move it either.
   */
  readonly movesBack: boolean;
}

const defaults: BoundedRingOptions = {
  ...{ pointsPerNode: 160, dialect: "murmur3" },
  ...{ balance: 1.25, expectedKeys: 0, movesBack: true },
};

export class BoundedRing implements Placement {
  /** Keys that were placed and had to move, since this ring was made. */
  moves = 0;
  private readonly ring: HashRing;
  private readonly options: BoundedRingOptions;
  private readonly shares: ReadonlyMap<string, number>;
  private readonly held = new Map<string, string>();
  private readonly keysAt: ReadonlyMap<string, Set<string>>;
  /** Node -> keys that found it full and went on. */
  private readonly passers: ReadonlyMap<string, Set<string>>;

  /** Throws a RangeError for nodes and options that are wrong. */
  constructor(
    readonly nodes: readonly PlacementNode[],
    options: Partial<BoundedRingOptions> = {},
  ) {
    this.options = withDefaults("a bounded ring", defaults, options);
    const { pointsPerNode, dialect, balance, expectedKeys } = this.options;
    this.ring = new HashRing(nodes, { pointsPerNode, dialect });
    inRange("balance", balance, { min: 1 + 1e-9, max: 100 });
    wholeInRange("expectedKeys", expectedKeys, { min: 0, max: 1e12 });
    const total = nodes.reduce((sum, node) => sum + weightOf(node), 0);
    // In the order of their names, so that it does not matter in which order they are named.
    const sorted = [...nodes].sort((left, right) => (left.id < right.id ? -1 : 1));
    this.shares = new Map(sorted.map((node) => [node.id, weightOf(node) / total]));
    this.keysAt = new Map(nodes.map(({ id }) => [id, new Set()]));
    this.passers = new Map(nodes.map(({ id }) => [id, new Set()]));
  }

  /** The ring's, and 16 bytes for each key that is held: a reference to it and to its node. */
  get tableBytes(): number {
    return this.ring.tableBytes + 16 * this.held.size;
  }

  /** Holds the key from now on, at the node that is returned. */
  take(key: string): string {
    const known = this.held.get(key);
    if (known !== undefined) return known;
    this.place(key);
    const hasGrown = this.held.size > this.options.expectedKeys;
    if (this.options.movesBack && hasGrown) this.fillRoom(this.shares.keys());
    return this.held.get(key) as string;
  }

  /** The key is gone, and its node has room for another one, which may come back from elsewhere. */
  release(key: string): void {
    const node = this.held.get(key);
    if (node === undefined) return;
    this.lift(key);
    if (!this.options.movesBack) return;
    this.pushSurplus();
    this.fillRoom([node]);
  }

  /** Keys held at a node. */
  load(id: string): number {
    return this.keysAt.get(id)?.size ?? 0;
  }

  /** What a node may hold, of as many keys as are held now. */
  capacity(id: string): number {
    return this.capacityOf(id, this.held.size);
  }

  /** The node that holds the key, or would if it came now. */
  owner(key: string): string {
    return this.held.get(key) ?? this.firstWithRoom(key);
  }

  owners(key: string, count: number): string[] {
    checkCount(count);
    const first = this.owner(key);
    const others = this.ring.owners(key, count + 1).filter((id) => id !== first);
    return [first, ...others].slice(0, count);
  }

  /** Of the same options, with the keys that are held: `moves` says how many had to move. */
  withNodes(nodes: readonly PlacementNode[]): BoundedRing {
    const next = new BoundedRing(nodes, this.options);
    const homeless: string[] = [];
    for (const [key, node] of this.held) {
      if (next.shares.has(node)) next.put(key, node);
      else homeless.push(key);
    }
    for (const key of homeless) next.place(key);
    next.moves = homeless.length;
    if (next.options.movesBack) {
      next.pushSurplus();
      next.fillRoom(next.shares.keys());
    }
    return next;
  }

  private capacityOf(id: string, held: number): number {
    const keys = Math.max(held, this.options.expectedKeys);
    // Less a rounding error, which must not make one more of a whole number.
    return Math.ceil(this.options.balance * keys * (this.shares.get(id) ?? 0) - 1e-9);
  }

  /** For one key more than are held. */
  private firstWithRoom(key: string): string {
    const hasRoom = (id: string): boolean =>
      this.load(id) < this.capacityOf(id, this.held.size + 1);
    // Nearly always one of the first few has room, so that all are asked for only when none has.
    const near = this.ring.owners(key, 4).find(hasRoom);
    if (near !== undefined) return near;
    return this.ring.owners(key, this.nodes.length).find(hasRoom) ?? this.ring.owner(key);
  }

  private place(key: string): void {
    this.put(key, this.firstWithRoom(key));
  }

  /** The nodes that a key has passed over to be where it is. */
  private passed(key: string, node: string): string[] {
    for (let count = 4; ; count *= 4) {
      const walk = this.ring.owners(key, count);
      const at = walk.indexOf(node);
      if (at >= 0) return walk.slice(0, at);
    }
  }

  private put(key: string, node: string): void {
    this.held.set(key, node);
    this.keysAt.get(node)?.add(key);
    if (!this.options.movesBack) return;
    for (const id of this.passed(key, node)) this.passers.get(id)?.add(key);
  }

  private lift(key: string): string {
    const node = this.held.get(key) as string;
    this.held.delete(key);
    this.keysAt.get(node)?.delete(key);
    if (!this.options.movesBack) return node;
    for (const id of this.passed(key, node)) this.passers.get(id)?.delete(key);
    return node;
  }

  /** Keys come back to nodes that have room; each leaves room at another one, and so on. */
  private fillRoom(nodes: Iterable<string>): void {
    const open = [...nodes];
    while (open.length > 0) {
      const node = open.pop() as string;
      const passers = this.passers.get(node) as Set<string>;
      while (passers.size > 0 && this.load(node) < this.capacity(node)) {
        const [key] = passers;
        open.push(this.lift(key));
        this.put(key, node);
        this.moves++;
      }
    }
  }

  /** Where bounds have shrunk, keys go on to the next node with room. */
  private pushSurplus(): void {
    for (const [node, keys] of this.keysAt) {
      while (keys.size > this.capacity(node)) {
        const [key] = keys;
        this.lift(key);
        this.place(key);
        this.moves++;
      }
    }
  }
}
