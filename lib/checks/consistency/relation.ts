import type { Access } from "./accesses";

/** Why one access comes before another; shown in the evidence. */
export type Reason =
  "session" | "reads from" | "initial value" | "overwritten" | "real time" | "follows its read";

export interface Edge {
  readonly from: Access;
  readonly to: Access;
  readonly reason: Reason;
  /** The read from which "overwritten" is concluded: it could see `from`, but saw `to`. */
  readonly by?: Access;
}

/** A relation "comes before" on accesses, with a reason for each pair. */
export class Relation {
  private readonly outgoing: Edge[][];
  private readonly seen = new Set<number>();

  constructor(private readonly accesses: readonly Access[]) {
    this.outgoing = accesses.map(() => []);
  }

  /** Adds a pair; false when it was there already. */
  add(edge: Edge): boolean {
    const code = edge.from.id * this.accesses.length + edge.to.id;
    if (this.seen.has(code)) return false;
    this.seen.add(code);
    this.outgoing[edge.from.id].push(edge);
    return true;
  }

  copy(): Relation {
    const twin = new Relation(this.accesses);
    for (const edges of this.outgoing) edges.forEach((edge) => twin.add(edge));
    return twin;
  }

  /**
   * For each access, the set of those before it, as bits by id; undefined when the relation has a
   * cycle. Cost: pairs x accesses / 32 steps.
   */
  ancestors(): Uint32Array[] | undefined {
    const order = this.topological();
    if (order === undefined) return undefined;
    const words = (this.accesses.length >> 5) + 1;
    const sets = this.accesses.map(() => new Uint32Array(words));
    for (const id of order) {
      for (const { to } of this.outgoing[id]) {
        const [mine, theirs] = [sets[id], sets[to.id]];
        for (let i = 0; i < words; i++) theirs[i] |= mine[i];
        theirs[id >> 5] |= 1 << (id & 31);
      }
    }
    return sets;
  }

  /** The shortest cycle there is, or undefined. Breadth first from each access of a cycle. */
  shortestCycle(): Edge[] | undefined {
    const cyclic = this.cyclicIds();
    let best: Edge[] | undefined;
    for (const id of cyclic) {
      const cycle = this.path(id, id, best?.length ?? Infinity);
      if (cycle !== undefined && cycle.length < (best?.length ?? Infinity)) best = cycle;
      if (best?.length === 2) return best;
    }
    return best;
  }

  /** The shortest way from one access to another, of fewer than `limit` pairs. */
  path(from: number, to: number, limit = Infinity): Edge[] | undefined {
    const reachedBy = new Map<number, Edge>();
    let frontier = [from];
    for (let length = 1; frontier.length > 0 && length < limit; length++) {
      const next: number[] = [];
      for (const edge of frontier.flatMap((id) => this.outgoing[id])) {
        if (reachedBy.has(edge.to.id)) continue;
        reachedBy.set(edge.to.id, edge);
        if (edge.to.id === to) return trail(reachedBy, from, to);
        next.push(edge.to.id);
      }
      frontier = next;
    }
    return undefined;
  }

  /** Ids in an order that the relation allows (A. Kahn, 1962); undefined for a cycle. */
  private topological(): number[] | undefined {
    const order = this.unblocked();
    return order.length === this.accesses.length ? order : undefined;
  }

  private cyclicIds(): number[] {
    const free = new Set(this.unblocked());
    return this.accesses.flatMap(({ id }) => (free.has(id) ? [] : [id]));
  }

  private unblocked(): number[] {
    const waitsFor = new Int32Array(this.accesses.length);
    for (const edges of this.outgoing) for (const { to } of edges) waitsFor[to.id]++;
    const order = this.accesses.flatMap(({ id }) => (waitsFor[id] === 0 ? [id] : []));
    for (let i = 0; i < order.length; i++) {
      for (const { to } of this.outgoing[order[i]]) {
        if (--waitsFor[to.id] === 0) order.push(to.id);
      }
    }
    return order;
  }
}

export function isBefore(ancestors: readonly Uint32Array[], left: Access, right: Access): boolean {
  return ((ancestors[right.id][left.id >> 5] >>> (left.id & 31)) & 1) === 1;
}

function trail(reachedBy: ReadonlyMap<number, Edge>, from: number, to: number): Edge[] {
  const edges: Edge[] = [];
  let at = to;
  do {
    const edge = reachedBy.get(at) as Edge;
    edges.unshift(edge);
    at = edge.from.id;
  } while (at !== from);
  return edges;
}
