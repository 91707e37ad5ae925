/** The same question to a data set and in SQL, of the same files by the same schema: one answer. */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { column, count, DatasetSession, defineSchema, max, sum } from "dabbawala/batch";
import { duckDb } from "dabbawala/engines";
import type { Engine } from "dabbawala/engines";

const samples = join(__dirname, "..", "..", "data", "samples");
const logFile = join(samples, "irctc.csv");
const authFile = join(samples, "aadhaar-auth.csv");
const peopleFile = join(samples, "aadhaar.csv");

const { integer, number, oneOf, optional, text, timestamp, date } = column;
const log = defineSchema({
  time: timestamp(),
  user: text(),
  action: text(),
  train: optional(text()),
  class: optional(text()),
  status: integer(),
  response_ms: integer(),
  device: text(),
});
const auth = defineSchema({
  time: timestamp(),
  aadhaar: text(),
  agency: text(),
  state: text(),
  modality: text(),
  fingerprint_score: optional(integer()),
  iris_distance: optional(number()),
  result: oneOf(["y", "n"]),
  latency_ms: integer(),
});
const people = defineSchema({
  aadhaar: text(),
  name: text(),
  gender: oneOf(["M", "F", "T"]),
  language: text(),
  state: text(),
  enrolled: date(),
});

const session = new DatasetSession({ workers: 2 });
let engine: Engine;
const requests = session.typed(log, logFile, { partitions: 5 }).cache();
const events = session.typed(auth, authFile, { partitions: 4 }).cache();
const register = session.typed(people, peopleFile, { partitions: 3 }).cache();

beforeAll(async () => {
  engine = await duckDb({ threads: 2 });
  await engine.register("log", logFile, { columns: log.columns });
  await engine.register("auth", authFile, { columns: auth.columns });
  await engine.register("people", peopleFile, { columns: people.columns });
});
afterAll(() => Promise.all([session.close(), engine.close()]));

/** In any order: rows as texts, sorted. */
const sorted = (rows: readonly unknown[]): string[] =>
  rows.map((row) => JSON.stringify(row)).sort();
const add = (left: number, right: number): number => left + right;

async function expectSame(rows: readonly unknown[], query: string): Promise<void> {
  const answer = await engine.sql(query);
  expect(answer.rows.length).toBeGreaterThan(1);
  expect(sorted(rows)).toEqual(sorted(answer.rows));
}

describe("a data set and SQL", () => {
  it("read the same rows", async () => {
    await expectSame(
      await requests.collect(),
      `select time, "user", action, train, class, status,
      response_ms, device from log`,
    );
    await expectSame(
      await events.collect(),
      `select ${Object.keys(auth.columns).join()} from auth`,
    );
  });

  it("group by: a count a key", async () => {
    const pairs = await requests
      .map(({ device, status }) => ({ key: `${device} ${status}`, value: 1 }))
      .reduceByKey((left, right) => left + right)
      .collect();
    await expectSame(
      pairs,
      `select device || ' ' || status as key, count(*) as value
      from log group by all`,
    );
  });

  it("group by: sums and maxima of declared columns, on rows and on bytes", async () => {
    const aggregates = { n: count(), total: sum("response_ms"), worst: max("response_ms") };
    const query = `select device as key, {'n': count(*), 'total': sum(response_ms),
      'worst': max(response_ms)} as value from log group by device`;
    const onRows = requests.groupByColumns({ key: "device", aggregates });
    await expectSame(await onRows.collect(), query);
    const onBytes = session.csv(logFile).groupByColumns({ key: "device", aggregates });
    await expectSame(await onBytes.collect(), query);
  });

  it("group by with nulls: averages to a billionth", async () => {
    const means = await events
      .filter(({ fingerprint_score: score }) => score !== null)
      .map(({ state, fingerprint_score: score }) => ({
        key: state,
        value: [score ?? 0, 1] as [number, number],
      }))
      .reduceByKey((l, r): [number, number] => [l[0] + r[0], l[1] + r[1]])
      .mapValues(([total, n]) => total / n)
      .collect();
    const { rows } = await engine.sql<{ state: string; mean: number }>(
      `select state, avg(fingerprint_score) as mean from auth group by state
       having mean is not null`,
    );
    expect(means.length).toBe(rows.length);
    const found = new Map(means.map(({ key, value }) => [key, value]));
    for (const { state, mean } of rows) expect(found.get(state)).toBeCloseTo(mean, 9);
  });

  it("join: events with the register, each pair of a key", async () => {
    const joined = await events
      .keyBy(({ aadhaar }) => aadhaar)
      .join(register.keyBy(({ aadhaar }) => aadhaar))
      .map(({ key, value: [event, person] }) => ({
        aadhaar: key,
        time: event.time,
        language: person.language,
        result: event.result,
      }))
      .collect();
    await expectSame(
      joined,
      `select aadhaar, time, language, result
      from auth join people using (aadhaar)`,
    );
  });

  it("left join: people without an event have null", async () => {
    const joined = await register
      .keyBy(({ aadhaar }) => aadhaar)
      .leftJoin(events.keyBy(({ aadhaar }) => aadhaar))
      .map(({ value: [person, event] }) => ({ name: person.name, at: event?.time ?? null }))
      .collect();
    expect(joined.some(({ at }) => at === null)).toBe(true);
    await expectSame(
      joined,
      `select name, time as at
      from people left join auth using (aadhaar)`,
    );
  });

  it("distinct, with null as a value of its own", async () => {
    const classes = await requests
      .map(({ class: travelClass, device }) => ({ class: travelClass, device }))
      .distinct()
      .collect();
    await expectSame(classes, "select distinct class, device from log");
  });

  it("sort: the same order, ties by a second key", async () => {
    const order = (row: { response_ms: number; time: string }): string =>
      `${String(row.response_ms).padStart(9, "0")} ${row.time}`;
    const rows = await requests
      .map(({ response_ms, time, user }) => ({ response_ms, time, user }))
      .sortBy(order)
      .collect();
    const answer = await engine.sql(`select response_ms, time, "user" from log
      order by response_ms, time`);
    expect(rows).toEqual(answer.rows);
    const last = await requests.sortBy(({ time }) => time, { order: "descending" }).take(5);
    const latest = await engine.sql<{ time: string }>(
      "select time from log order by time desc limit 5",
    );
    expect(last.map(({ time }) => time)).toEqual(latest.rows.map(({ time }) => time));
  });

  it("count, fold and filter", async () => {
    const slow = requests.filter(
      ({ response_ms: ms, action }) => ms > 1_000 && action === "payment",
    );
    const answer = await engine.sql<{ n: number; total: number }>(
      `select count(*) as n, sum(response_ms) as total from log
       where response_ms > $ms and action = $action`,
      { ms: 1_000, action: "payment" },
    );
    const total = await slow.map(({ response_ms: ms }) => ms).fold(0, add);
    expect({ n: await slow.count(), total }).toEqual(answer.rows[0]);
  });
});
