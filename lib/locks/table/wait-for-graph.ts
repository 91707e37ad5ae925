/**
 * Who waits for whom, and whether they wait in a circle: a deadlock of locks that are each held by
 * one is a cycle of this graph, and only that.
 *
 * Source: E. Coffman, M. Elphick, A. Shoshani, "System Deadlocks", Computing Surveys 3(2), 1971.
 * Cost: O(nodes + edges) from one node.
 */

/** For each who waits, those who must let go first. */
export type WaitForGraph<T> = ReadonlyMap<T, Iterable<T>>;

/** A cycle through `from`, which is its first; undefined when there is none. */
export function cycleThrough<T>(from: T, waitsFor: (node: T) => Iterable<T>): T[] | undefined {
  const path: T[] = [from];
  const branches = [waitsFor(from)[Symbol.iterator]()];
  const seen = new Set<T>([from]);
  while (branches.length > 0) {
    const { value, done } = branches[branches.length - 1].next();
    if (done === true) {
      branches.pop();
      path.pop();
    } else if (value === from) return path;
    else if (!seen.has(value)) {
      seen.add(value);
      path.push(value);
      branches.push(waitsFor(value)[Symbol.iterator]());
    }
  }
  return undefined;
}

/** Any cycle; undefined when there is none. */
export function findCycle<T>(graph: WaitForGraph<T>): T[] | undefined {
  for (const node of graph.keys()) {
    const cycle = cycleThrough(node, (other) => graph.get(other) ?? []);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}
