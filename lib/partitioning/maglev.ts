/**
 * Maglev hashing: a table in which nodes take turns to claim slots, each in an order of its own. A
 * lookup is one hash and one read, and the shares are as even as can be.
 *
 * Source: D. Eisenbud et al., "Maglev: a fast and reliable software network load balancer", NSDI
 * 2016, section 3.4; weights are turns more or less often, of which the paper says only that.
 * Guarantees: slots of equal nodes differ by one at most; a change moves a few keys more than need
 * be, the fewer the larger the table (figure 12: M = 65,537 and 655,373).
 * Cost: 2 bytes a slot (4 over 65,536 nodes); filling it, M ln M steps in the mean.
 */
import { inRange, murmur32, wholeInRange, withDefaults } from "../basics";
import { checkCount, checkNodes, weightOf } from "./placement";
import type { Placement, PlacementNode } from "./placement";

export interface MaglevOptions {
  /** A prime, from 2 to 100,000,007; over 100 times the nodes. Default 65,537. */
  readonly tableSize: number;
}

const defaults: MaglevOptions = { tableSize: 65_537 };

/** A node's order of slots: `offset`, `offset + skip`, ... modulo the size of the table. */
export interface MaglevOrder {
  readonly offset: number;
  readonly skip: number;
  readonly weight?: number;
}

/**
 * Who has each slot, as indexes into `orders`; `size`: a prime, so that each order has all slots.
 * Throws a RangeError for a size that is none, for no orders, and for one out of its range.
 */
export function fillMaglev(orders: readonly MaglevOrder[], size: number): Uint32Array {
  checkOrders(orders, size);
  const table = new Uint32Array(size).fill(0xffffffff);
  const nexts = orders.map(({ offset }) => offset);
  const heaviest = Math.max(...orders.map(({ weight = 1 }) => weight));
  const turns = orders.map(({ weight = 1 }) => weight / heaviest);
  const credits = orders.map(() => 0);
  for (let filled = 0; ;) {
    for (let node = 0; node < orders.length; node++) {
      credits[node] += turns[node];
      if (credits[node] < 1 - 1e-9) continue;
      credits[node] -= 1;
      let slot = nexts[node];
      while (table[slot] !== 0xffffffff) slot = (slot + orders[node].skip) % size;
      table[slot] = node;
      nexts[node] = (slot + orders[node].skip) % size;
      if (++filled === size) return table;
    }
  }
}

export class Maglev implements Placement {
  private readonly table: Uint16Array | Uint32Array;
  private readonly size: number;
  private readonly ids: readonly string[];

  /** Throws a RangeError for nodes and options that are wrong. */
  constructor(
    readonly nodes: readonly PlacementNode[],
    options: Partial<MaglevOptions> = {},
  ) {
    checkNodes(nodes);
    this.size = withDefaults("Maglev", defaults, options).tableSize;
    checkSize(this.size);
    // Whoever begins a turn has an advantage of a slot, so the order must not depend on the caller.
    const sorted = [...nodes].sort((left, right) => (left.id < right.id ? -1 : 1));
    this.ids = sorted.map(({ id }) => id);
    const filled = fillMaglev(
      sorted.map((node) => orderOf(node, this.size)),
      this.size,
    );
    this.table = nodes.length <= 65_536 ? Uint16Array.from(filled) : filled;
  }

  get tableBytes(): number {
    return this.table.byteLength;
  }

  owner(key: string): string {
    return this.ids[this.table[murmur32(key) % this.size]];
  }

  owners(key: string, count: number): string[] {
    checkCount(count);
    const found: string[] = [];
    const start = murmur32(key) % this.size;
    const wanted = Math.min(count, this.nodes.length);
    for (let i = 0; i < this.size && found.length < wanted; i++) {
      const id = this.ids[this.table[(start + i) % this.size]];
      if (!found.includes(id)) found.push(id);
    }
    return found;
  }

  withNodes(nodes: readonly PlacementNode[]): Maglev {
    return new Maglev(nodes, { tableSize: this.size });
  }
}

function orderOf(node: PlacementNode, size: number): MaglevOrder {
  const offset = murmur32(node.id, 1) % size;
  const skip = (murmur32(node.id, 2) % (size - 1)) + 1;
  return { offset, skip, weight: weightOf(node) };
}

function checkSize(size: number): void {
  wholeInRange("tableSize", size, { min: 2, max: 1e8 + 7 });
  if (!isPrime(size)) throw new RangeError(`tableSize must be a prime, not ${size}`);
}

function checkOrders(orders: readonly MaglevOrder[], size: number): void {
  checkSize(size);
  if (orders.length === 0) throw new RangeError("a table needs the order of one node at least");
  for (const { offset, skip, weight = 1 } of orders) {
    wholeInRange("offset", offset, { min: 0, max: size - 1 });
    wholeInRange("skip", skip, { min: 1, max: size - 1 });
    inRange("weight", weight, { min: 1e-6, max: 1_000 });
  }
}

function isPrime(value: number): boolean {
  for (let factor = 2; factor * factor <= value; factor++) if (value % factor === 0) return false;
  return true;
}
