import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mapReduce } from "dabbawala/batch";
import type { Executor, Job, MapReduceOptions } from "dabbawala/batch";
import { bookingRequests, requestTruth, writeDataSet } from "dabbawala/generators";
import {
  allocateDeparture,
  checkSeats,
  demandJob,
  planOf,
  rightfulQuota,
  seatInventory,
  seatJob,
  seatRequests,
} from "dabbawala/scenarios/irctc";
import type { SeatChart, SeatTuple } from "dabbawala/scenarios/irctc";

const folder = mkdtempSync(join(tmpdir(), "dabbawala-seats-"));
afterAll(() => rmSync(folder, { recursive: true }));

const spec = { rows: 12_000, seed: 4, faults: 0.03 };
const file = join(folder, "requests.csv");
const inventory = seatInventory({ berths: { SL: 24, "3A": 16, "2A": 10, "1A": 4 } });
const requests = seatRequests(bookingRequests(spec), inventory);
const oracle = [...requests.keys()].sort().map((key) => {
  return { key, value: allocateDeparture(requests.get(key)!, planOf(key, inventory)) };
});

beforeAll(() => writeDataSet("irctc-requests", spec, { format: "csv", out: file }));

function seats(options: MapReduceOptions = {}) {
  return mapReduce(seatJob(inventory), [file], { workers: 2, ...options });
}

describe("seats by MapReduce", () => {
  it("gives the charts of one loop over all requests, whatever splits and partitions", async () => {
    for (const options of [{}, { splitBytes: 60_000, partitions: 7 }, { memoryBytes: 100_000 }]) {
      const { rows, counters } = await seats(options);
      expect(rows).toEqual(oracle);
      expect(counters.claimsWithoutRight).toBe([...requestTruth(spec)].length);
    }
  });

  it("is feasible on every departure, and most of them have a waiting list", async () => {
    const { rows } = await seats();
    const found = rows.flatMap(({ key, value }) =>
      checkSeats(requests.get(key)!, value, planOf(key, inventory)),
    );
    expect(found).toEqual([]);
    expect(rows.filter(({ value }) => value.waiting.length > 0).length).toBeGreaterThan(50);
  });

  it.each([1, 5, 11])(
    "gives identical charts when a worker is killed after %i tasks",
    async (at) => {
      const executors: Executor[] = [];
      let kills = 0;
      const { rows, notes } = await seats({
        splitBytes: 100_000,
        partitions: 6,
        onExecutor: (_worker, executor) => executors.push(executor),
        onProgress: (done) => {
          if (done >= at && kills++ === 0) void executors[0]!.stop();
        },
      });
      expect(rows).toEqual(oracle);
      expect(notes.some(({ label }) => label === "workerLost")).toBe(true);
    },
  );

  it("counts, but does not read, a record that fits no train", async () => {
    const [header, first] = readFileSync(file, "utf8").split("\n") as [string, string];
    const fields = first.split(",");
    const odd = [
      first.replace(`,${fields[2]},`, ",99999,"),
      first.replace(`,${fields[5]},${fields[6]},`, `,${fields[6]},${fields[5]},`),
      first.replace(/\d$/, "0"),
      first.replace(`,${fields[4]},`, ",XX,"),
      first.replace(fields[1]!, "tomorrow"),
    ];
    const path = join(folder, "odd.csv");
    writeFileSync(path, [header, first, ...odd, ""].join("\n"));
    const { rows, counters } = await mapReduce(seatJob(inventory), [path], { workers: 1 });
    expect(rows.map(({ value }) => value.sold.length)).toEqual([1]);
    expect(counters.badRecords).toBe(5);
  });

  it("refuses quotas that nobody can have", () => {
    const shares = { ladies: 0.5, senior: 0.5, defence: 0.1 };
    expect(() => seatInventory({ shares })).toThrow("at most 1 together");
    expect(() => seatInventory({ berths: { SL: 0 } })).toThrow("whole number from 1");
  });

  it("knows who has a right to a quota", () => {
    expect(rightfulQuota("ladies", { age: 20, gender: "M" })).toBe("general");
    expect(rightfulQuota("senior", { age: 58, gender: "F" })).toBe("senior");
    expect(rightfulQuota("senior", { age: 59, gender: "M" })).toBe("general");
    expect(rightfulQuota("defence", { age: 30, gender: "M" })).toBe("defence");
    expect(rightfulQuota("vip", { age: 30, gender: "M" })).toBe("general");
  });
});

describe("what may be combined", () => {
  it("counts: the demand of each stretch, added in any grouping", async () => {
    const { rows } = await mapReduce(demandJob(inventory), [file], { splitBytes: 100_000 });
    expect(rows.map(({ key }) => key)).toEqual([...requests.keys()].sort());
    for (const { key, value } of rows) {
      const plan = planOf(key, inventory);
      const wanted = new Array<number>(plan.stretches).fill(0);
      for (const { from, to, passengers } of requests.get(key)!) {
        for (let stretch = from; stretch < to; stretch++) wanted[stretch]! += passengers;
      }
      expect(value).toEqual({ wanted, berths: plan.berths });
    }
  });

  it("not allocations of a part: the check finds who was passed over", async () => {
    const equal = seatInventory({ berths: { SL: 12, "3A": 12, "2A": 12, "1A": 12 } });
    const right = seatJob(equal);
    const wrong: Job<readonly SeatTuple[], SeatChart> = {
      name: "seats, combined wrongly",
      input: "csv",
      scope: {
        ...right.scope,
        ...{ mapRight: right.map, reduceRight: right.reduce },
        ...{ sellSome: allocateDeparture, plan: longest() },
      },
      map: (record, emit, count) => mapRight(record, (key, tuple) => emit(key, [tuple]), count),
      combine(left, right) {
        const all = [...left, ...right];
        const list = all.map(([id, from, to, quota, bookedMs, passengers]) => {
          return { id, from, to, quota, bookedMs, passengers };
        });
        const kept = new Set(sellSome(list, plan).sold.map(({ id }) => id));
        return all.filter(([id]) => kept.has(id));
      },
      reduce: (key, lists, count) => reduceRight(key, lists.flat(), count),
    };
    const { rows } = await mapReduce(wrong, [file], { workers: 2, splitBytes: 200_000 });
    const kinds = rows.flatMap(({ key, value }) =>
      checkSeats(requests.get(key)!, value, planOf(key, equal)).map(({ kind }) => kind),
    );
    expect(kinds).toContain("lost");
    expect(kinds).toContain("passed over");

    function longest() {
      return { ...planOf("12951|2026-01-12|SL", equal), stretches: 20 };
    }
  });
});

/** These stand for what the job's scope carries to the workers. */
declare const mapRight: ReturnType<typeof seatJob>["map"];
declare const reduceRight: ReturnType<typeof seatJob>["reduce"];
declare const plan: ReturnType<typeof planOf>;
declare const sellSome: typeof allocateDeparture;
