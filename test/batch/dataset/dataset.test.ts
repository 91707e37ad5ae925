import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DatasetSession, count, max, sum } from "dabbawala/batch";

let session: DatasetSession;
beforeAll(() => {
  session = new DatasetSession({ workers: 2 });
});
afterAll(() => session.close());

const rows = Array.from({ length: 1_000 }, (_, id) => ({ id, train: `t${id % 7}`, ms: id % 13 }));

describe("a data set", () => {
  it("is the array, through narrow steps", async () => {
    const data = session.fromArray(rows, { partitions: 5 });
    expect(await data.collect()).toEqual(rows);
    expect(await data.count()).toBe(1_000);
    const odd = data.filter(({ id }) => id % 2 === 1).map(({ ms }) => ms * 2);
    expect(await odd.collect()).toEqual(rows.filter((_, i) => i % 2 === 1).map(({ ms }) => 2 * ms));
    expect(await odd.take(3)).toEqual([2, 6, 10]);
    expect(session.lastJob?.stages.map(({ tasks }) => tasks)).toEqual([1]);
  });

  it("brings keys together, and groups declared columns", async () => {
    const data = session.fromArray(rows, { partitions: 5 });
    const totals = data
      .keyBy(({ train }) => train)
      .mapValues(({ ms }) => ms)
      .reduceByKey((left, right) => left + right);
    const aggregates = { n: count(), total: sum("ms"), most: max("ms") };
    const groups = data.groupByColumns({ key: "train", aggregates });
    const joined = await totals.join(groups).collect();
    expect(joined).toHaveLength(7);
    for (const { key, value } of joined) {
      const own = rows.filter(({ train }) => train === key).map(({ ms }) => ms);
      const total = own.reduce((left, right) => left + right);
      expect(value).toEqual([total, { n: own.length, total, most: Math.max(...own) }]);
    }
  });

  it("computes what a cache dropped again, and nothing else", async () => {
    const cached = session.fromArray(rows, { partitions: 5 }).cache();
    await cached.count();
    await cached.count();
    expect(session.lastJob?.recomputedPartitions).toBe(0);
    cached.dropCached([1, 3]);
    expect(await cached.count()).toBe(1_000);
    expect(session.lastJob?.recomputedPartitions).toBe(2);
  });
});
