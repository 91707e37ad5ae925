/** Every operator agrees with the array implementation, whatever the rows and the partitions. */
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DatasetSession } from "dabbawala/batch";
import type { Dataset, Key, Pair } from "dabbawala/batch";

let session: DatasetSession;
beforeAll(() => {
  // So little memory makes tasks spill, and read their input several times.
  session = new DatasetSession({ workers: 2, memoryBytes: 2_000 });
});
afterAll(() => session.close());

const key = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom("", "a", "b", "तत्काल", "__proto__", "1", "a longer text than twelve letters"),
  fc.boolean(),
  fc.constantFrom(0.5, 2 ** 40, -1e300),
);
const pair = fc.record({ key, value: fc.integer({ min: -50, max: 50 }) });
const pairs = fc.array(pair, { maxLength: 60 });
const partitions = fc.integer({ min: 1, max: 5 });
const options = { numRuns: 40 };

/** As a multiset: rows of a shuffle come in an order of their own. */
const bag = (rows: readonly unknown[]): string[] => rows.map((row) => JSON.stringify(row)).sort();

function groups<V>(rows: readonly Pair<Key, V>[]): Map<Key, V[]> {
  const found = new Map<Key, V[]>();
  for (const { key, value } of rows) found.set(key, [...(found.get(key) ?? []), value]);
  return found;
}

type Row = Pair<Key, number>;

async function agree<T>(
  build: (data: Dataset<Row>) => Dataset<T>,
  array: (rows: readonly Row[]) => readonly T[],
  { isOrdered = false } = {},
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(pairs, partitions, async (rows, cut) => {
      const made = await build(session.fromArray(rows, { partitions: cut })).collect();
      const expected = array(rows);
      if (isOrdered) expect(made).toEqual(expected);
      else expect(bag(made)).toEqual(bag(expected));
    }),
    options,
  );
}

describe("narrow steps, in the order of the rows", () => {
  it("map", () =>
    agree(
      (data) => data.map(({ value }) => ({ double: value * 2 })),
      (rows) => rows.map(({ value }) => ({ double: value * 2 })),
      { isOrdered: true },
    ));
  it("filter", () =>
    agree(
      (data) => data.filter(({ value }) => value > 0),
      (rows) => rows.filter(({ value }) => value > 0),
      { isOrdered: true },
    ));
  it("flatMap", () =>
    agree(
      (data) => data.flatMap(({ value }) => new Array<number>(Math.abs(value % 3)).fill(value)),
      (rows) => rows.flatMap(({ value }) => new Array<number>(Math.abs(value % 3)).fill(value)),
      { isOrdered: true },
    ));
  it("keyBy and mapValues", () =>
    agree(
      (data) => data.keyBy(({ value }) => value % 4).mapValues((row) => [row.value, row.key]),
      (rows) => rows.map((row) => ({ key: row.value % 4, value: [row.value, row.key] })),
      { isOrdered: true },
    ));
  it("union", () =>
    agree(
      (data) => data.union(data.filter(({ value }) => value < 0)),
      (rows) => [...rows, ...rows.filter(({ value }) => value < 0)],
      { isOrdered: true },
    ));
  it("mapPartitions", () =>
    agree(
      (data) => data.mapPartitions((rows) => [...rows].reverse()),
      (rows) => rows,
    ));
  it("cache, spilt and dropped", () =>
    agree(
      (data) =>
        data
          .cache()
          .map((row) => row)
          .cache({ onFull: "drop" }),
      (rows) => rows,
      { isOrdered: true },
    ));
});

describe("wide steps", () => {
  it("reduceByKey", () =>
    agree(
      (data) => data.reduceByKey((left, right) => left + right),
      (rows) =>
        [...groups(rows)].map(([key, values]) => {
          return { key, value: values.reduce((left, right) => left + right) };
        }),
    ));
  it("groupByKey, values in the order of the rows", () =>
    agree(
      (data) => data.groupByKey(),
      (rows) => [...groups(rows)].map(([key, value]) => ({ key, value })),
    ));
  it("distinct", () =>
    agree(
      (data) => data.distinct(),
      (rows) => [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()],
    ));
  it("repartition", () =>
    agree(
      (data) => data.repartition(3),
      (rows) => rows,
    ));
  it("sortBy, stable", () =>
    agree(
      (data) => data.sortBy(({ value }) => value, { partitions: 3 }),
      (rows) => [...rows].sort((left, right) => left.value - right.value),
      { isOrdered: true },
    ));
  it("sortBy, descending", () =>
    agree(
      (data) => data.sortBy(({ value }) => value, { order: "descending" }),
      (rows) => [...rows].sort((left, right) => right.value - left.value),
      { isOrdered: true },
    ));
  it.each(["join", "leftJoin", "cogroup"] as const)("%s", (kind) =>
    agree<unknown>(
      (data) =>
        data[kind](data.filter(({ value }) => value % 2 === 0).mapValues((value) => -value)),
      (rows) => {
        const right = groups(rows.filter(({ value }) => value % 2 === 0));
        return [...groups(rows)].flatMap(([key, left]): unknown[] => {
          const others = (right.get(key) ?? []).map((value) => (value === 0 ? 0 : -value));
          if (kind === "cogroup") return [{ key, value: [left, others] }];
          const partners = others.length === 0 && kind === "leftJoin" ? [null] : others;
          return left.flatMap((one) => partners.map((other) => ({ key, value: [one, other] })));
        });
      },
    ),
  );
  it("a join of what is shared out alike needs no shuffle", () =>
    agree<unknown>(
      (data) => {
        const sums = data.reduceByKey((left, right) => left + right);
        const joined = sums.join(sums.mapValues((sum) => sum > 0));
        expect(joined.explain()).toContain("shared out alike: narrow");
        return joined;
      },
      (rows) =>
        [...groups(rows)].map(([key, values]) => {
          const sum = values.reduce((left, right) => left + right);
          return { key, value: [sum, sum > 0] };
        }),
    ));
});

describe("actions", () => {
  it("count, take, fold and reduce are those of the array", async () => {
    await fc.assert(
      fc.asyncProperty(pairs, partitions, fc.nat(70), async (rows, cut, length) => {
        const data = session.fromArray(rows, { partitions: cut });
        const values = data.map(({ value }) => value);
        const sum = rows.reduce((total, { value }) => total + value, 0);
        expect(await data.count()).toBe(rows.length);
        expect(await data.take(length)).toEqual(rows.slice(0, length));
        expect(await values.fold(0, (left, right) => left + right)).toBe(sum);
        const reduced = await values.reduce((left, right) => left + right);
        expect(reduced).toBe(rows.length === 0 ? undefined : sum);
      }),
      options,
    );
  });

  it("sample draws the same rows for a seed, about as many as it should", async () => {
    const data = session.fromArray(Array.from({ length: 20_000 }, (_, i) => i));
    const drawn = await data.sample(0.1, { seed: 5 }).collect();
    expect(await data.sample(0.1, { seed: 5 }).collect()).toEqual(drawn);
    expect(await data.sample(0.1, { seed: 6 }).collect()).not.toEqual(drawn);
    // Five standard deviations of the binomial: sqrt(20,000 x 0.1 x 0.9) = 42.
    expect(Math.abs(drawn.length - 2_000)).toBeLessThan(5 * 42);
  });
});
