import { wholeInRange } from "../../basics";

/**
 * The way from the source of a search to `target`, both included; undefined when there is none.
 */
export function pathTo(
  { parents }: { readonly parents: Int32Array },
  target: number,
): number[] | undefined {
  wholeInRange("target", target, { min: 0, max: parents.length - 1 });
  if (parents[target] === -1) return undefined;
  const path = [target];
  let vertex = target;
  while (parents[vertex] !== vertex) path.push((vertex = parents[vertex]));
  return path.reverse();
}
