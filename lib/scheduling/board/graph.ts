/**
 * Whether tasks that wait for each other go round in a circle: then none of them could ever begin.
 *
 * Source: A. B. Kahn, "Topological sorting of large networks", CACM 5(11), 1962.
 * Cost: O(tasks + dependencies).
 */
export interface Dependent {
  readonly id: string;
  readonly after?: readonly string[];
}

/** A circle as ids, each waiting for the next, the first one again at the end; or undefined. */
export function circleOf(tasks: readonly Dependent[]): readonly string[] | undefined {
  const parents = new Map(tasks.map(({ id, after = [] }) => [id, after]));
  const missing = new Map<string, number>();
  const children = new Map<string, string[]>();
  for (const [id, after] of parents) {
    const inside = [...new Set(after)].filter((parent) => parents.has(parent));
    missing.set(id, inside.length);
    for (const parent of inside) children.set(parent, [...(children.get(parent) ?? []), id]);
  }
  const free = [...missing].flatMap(([id, count]) => (count === 0 ? [id] : []));
  for (let id = free.pop(); id !== undefined; id = free.pop()) {
    missing.delete(id);
    for (const child of children.get(id) ?? []) {
      const left = (missing.get(child) ?? 0) - 1;
      missing.set(child, left);
      if (left === 0) free.push(child);
    }
  }
  const [start] = missing.keys();
  if (start === undefined) return undefined;
  return walk(start, (id) => (parents.get(id) ?? []).find((parent) => missing.has(parent)) ?? id);
}

/** From one to the next until somebody is met twice. */
function walk(start: string, next: (id: string) => string): readonly string[] {
  const path: string[] = [];
  const seen = new Set<string>();
  let id = start;
  for (; !seen.has(id); id = next(id)) {
    seen.add(id);
    path.push(id);
  }
  return [...path.slice(path.indexOf(id)), id];
}
