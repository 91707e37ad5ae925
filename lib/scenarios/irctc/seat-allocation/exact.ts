/**
 * The best possible choice of journeys for a number of equal berths: the heaviest set of which no
 * stretch carries more than there are berths. It knows no order of booking, so it is what the fair
 * rules are measured by.
 *
 * Source: M. Carlisle and E. Lloyd, "On the k-coloring of intervals", Discrete Applied Mathematics
 * 59 (1995): the heaviest k-colourable subgraph of an interval graph is a flow of k units, of least
 * cost, along the line of stops. Each augmenting path is found as by R. Bellman (1958) and L. Ford.
 * Assumes: a journey needs one berth. Groups that travel together or not at all make the problem
 * NP-hard (it holds the knapsack); cut into single passengers, the answer is an upper bound.
 * Cost: O(paths x stops x (n + stops)) for n journeys; at most `berths` paths are rounds of all.
 */
export interface Journey {
  readonly from: number;
  readonly to: number;
  /** 0 or more: what it is worth. */
  readonly weight: number;
}

export interface BestChoice {
  readonly weight: number;
  /** Whether each journey is chosen. */
  readonly isChosen: readonly boolean[];
}

/** From one stop to another, with room for `left` more; backwards for as many as use it. */
interface Edge {
  readonly from: number;
  readonly to: number;
  readonly cost: number;
  left: number;
  used: number;
}

export function bestJourneys(
  journeys: readonly Journey[],
  { berths, stretches }: { readonly berths: number; readonly stretches: number },
): BestChoice {
  const edges: Edge[] = journeys.map(({ from, to, weight }) => {
    return { from, to, cost: -weight, left: 1, used: 0 };
  });
  for (let stop = 0; stop < stretches; stop++) {
    edges.push({ from: stop, to: stop + 1, cost: 0, left: berths, used: 0 });
  }
  for (let sent = 0; sent < berths;) {
    const path = cheapestPath(edges, stretches);
    if (path.cost >= 0) break; // an empty berth is as good
    const units = Math.min(berths - sent, ...path.steps.map(roomOf));
    for (const { edge, isForward } of path.steps) {
      edge.left -= isForward ? units : -units;
      edge.used += isForward ? units : -units;
    }
    sent += units;
  }
  const isChosen = journeys.map((_, i) => (edges[i] as Edge).used === 1);
  const weight = journeys.reduce((sum, journey, i) => sum + (isChosen[i] ? journey.weight : 0), 0);
  return { weight, isChosen };
}

interface Step {
  readonly edge: Edge;
  readonly isForward: boolean;
}

function roomOf({ edge, isForward }: Step): number {
  return isForward ? edge.left : edge.used;
}

/** From the first stop to the last, among edges with room. Costs may be below 0, cycles are not. */
function cheapestPath(
  edges: readonly Edge[],
  last: number,
): { readonly cost: number; readonly steps: readonly Step[] } {
  const costs = new Array<number>(last + 1).fill(Infinity);
  const steps: (Step | undefined)[] = [];
  costs[0] = 0;
  for (let isBetter = true; isBetter;) {
    isBetter = false;
    for (const edge of edges) {
      for (const isForward of [true, false]) {
        if (roomOf({ edge, isForward }) === 0) continue;
        const [from, to] = isForward ? [edge.from, edge.to] : [edge.to, edge.from];
        const cost = (costs[from] as number) + (isForward ? edge.cost : -edge.cost);
        if (cost >= (costs[to] as number) - tolerance) continue;
        costs[to] = cost;
        steps[to] = { edge, isForward };
        isBetter = true;
      }
    }
  }
  const path: Step[] = [];
  for (let stop = last; stop !== 0;) {
    const step = steps[stop] as Step;
    path.push(step);
    stop = step.isForward ? step.edge.from : step.edge.to;
  }
  return { cost: costs[last] as number, steps: path };
}

/** Sums of weights that differ by less are the same. */
const tolerance = 1e-9;
