/** What a group-by job keeps of a group, and the value that it stands for. */
import type { Aggregate, Aggregates, Cell, GroupByJob, Top } from "./group-by";

/** The names of the aggregates; one without a name is called "value". */
function namedAggregates(aggregates: Aggregates): [name: string, aggregate: Aggregate][] {
  return isSingle(aggregates) ? [["value", aggregates]] : Object.entries(aggregates);
}

function isSingle(aggregates: Aggregates): aggregates is Aggregate {
  return Array.isArray(aggregates.cells);
}

/** All cells of the job, aggregate by aggregate. */
export function cellsOf(job: GroupByJob): Cell[] {
  return namedAggregates(job.aggregates).flatMap(([, { cells }]) => [...cells]);
}

/** The columns that the job touches. */
export function columnsOf(job: GroupByJob): string[] {
  const keys = job.key.map(({ column }) => column);
  const numbers = cellsOf(job).map(({ column }) => column);
  return [...new Set([...keys, ...Object.keys(job.where), ...numbers])].filter(Boolean);
}

/** Makes the value of the group whose cells start at `at`. */
export type ValueOf = (cells: Float64Array, at: number) => unknown;

/** The number that `top` goes by, of the group whose cells start at `at`; null is the least. */
export function rankOf(job: GroupByJob, { by }: Top): (cells: Float64Array, at: number) => number {
  let offset = 0;
  for (const [name, { cells }] of namedAggregates(job.aggregates)) {
    if (name === by) {
      const read = readerOf(cells.length === 2, offset);
      return (values, at) => (read(values, at) as number | null) ?? -Infinity;
    }
    offset += cells.length;
  }
  throw new RangeError(`no aggregate is called "${by}"`);
}

export function valuesOf(job: GroupByJob): ValueOf {
  let next = 0;
  const readers = namedAggregates(job.aggregates).map(([name, { cells }]) => {
    const offset = next;
    next += cells.length;
    return { name, read: readerOf(cells.length === 2, offset) };
  });
  if (isSingle(job.aggregates)) return (readers[0] as { read: ValueOf }).read;
  return (cells, at) => {
    const value: Record<string, unknown> = {};
    for (const { name, read } of readers) value[name] = read(cells, at);
    return value;
  };
}

function readerOf(isMean: boolean, offset: number): ValueOf {
  return (cells, at) => {
    const first = cells[at + offset] as number;
    if (Number.isNaN(first)) return null;
    return isMean ? first / (cells[at + offset + 1] as number) : first;
  };
}
