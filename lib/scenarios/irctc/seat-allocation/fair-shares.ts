/**
 * Shares the berths of a train between kinds of journeys (from one stop to another) before anybody
 * books: what the episode's "fairness" reducer is for.
 *
 * Source: D. Bertsekas and R. Gallager, Data Networks (1992), section 6.5.2, max-min fairness by
 * progressive filling; ours gives whole berths, one at a time. Proportional here is the same share
 * of every demand, as the episode means it, not Kelly's proportional fairness.
 * Guarantees: no stretch beyond its berths, nobody beyond the demand; both fill up what can be
 * filled: a kind that has less than it wants crosses a full stretch. Max-min: who has less than
 * wanted could have more only if somebody with at most as much (or one berth more) had less.
 * Cost: O(berths given x kinds x stretches).
 */
export interface Demand {
  readonly from: number;
  readonly to: number;
  /** Berths wanted, a whole number. */
  readonly wanted: number;
}

interface Line {
  readonly berths: number;
  readonly stretches: number;
}

/** Berths of each demand: the one that has the fewest is always the next to get one. */
export function maxMinShares(demands: readonly Demand[], line: Line): number[] {
  const given = demands.map(() => 0);
  fill(demands, { given, line, rank: (i) => given[i] as number });
  return given;
}

/**
 * Berths of each demand: first the same share of all, the largest that fits its stretches; then
 * what is left, always to the one that has the smallest share of its demand.
 */
export function proportionalShares(demands: readonly Demand[], line: Line): number[] {
  const load = new Array<number>(line.stretches).fill(0);
  for (const { from, to, wanted } of demands) {
    for (let stretch = from; stretch < to; stretch++) (load[stretch] as number) += wanted;
  }
  const given = demands.map(({ from, to, wanted }) => {
    const fullest = Math.max(...load.slice(from, to));
    return Math.floor(wanted * Math.min(1, line.berths / fullest) || 0);
  });
  fill(demands, {
    given,
    line,
    rank: (i) => (given[i] as number) / (demands[i] as Demand).wanted,
  });
  return given;
}

/** Gives one berth at a time to the first by rank that wants more and fits, until none does. */
function fill(
  demands: readonly Demand[],
  { given, line, rank }: { given: number[]; line: Line; rank: (demand: number) => number },
): void {
  const free = new Array<number>(line.stretches).fill(line.berths);
  const take = ({ from, to }: Demand, berths: number): void => {
    for (let stretch = from; stretch < to; stretch++) (free[stretch] as number) -= berths;
  };
  demands.forEach((demand, i) => take(demand, given[i] as number));
  let open = demands.map((_, i) => i);
  for (;;) {
    open = open.filter((i) => {
      const { from, to, wanted } = demands[i] as Demand;
      return (given[i] as number) < wanted && free.slice(from, to).every((left) => left > 0);
    });
    if (open.length === 0) return;
    const next = open.reduce((best, i) => (rank(i) < rank(best) ? i : best));
    (given[next] as number)++;
    take(demands[next] as Demand, 1);
  }
}
