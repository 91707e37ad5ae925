import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { errorFunction } from "simple-statistics";
import { afterAll, describe, expect, it } from "vitest";
import {
  actions,
  irctcColumns,
  irctcHeader,
  irctcRows,
  trains,
  writeDataSet,
  zipfWeights,
  dataSets,
} from "dabbawala/generators";
import { loadByMinute } from "dabbawala/dist/generators/irctc/load";
import { chiSquare, countsOf, kolmogorovSmirnov } from "./distributions";
import type { Fit } from "./distributions";

const folder = mkdtempSync(join(tmpdir(), "dabbawala-irctc-"));
afterAll(() => rmSync(folder, { recursive: true }));

const spec = { rows: 100_000, seed: 3 };
const blocks = [...irctcColumns({ rows: 400_000, seed: 9 })];
const action = Object.fromEntries(actions.map((name, index) => [name, index]));

describe("IRCTC log", () => {
  it("is the same as CSV, as rows and as JSON lines", async () => {
    const [csv, json] = [join(folder, "same.csv"), join(folder, "same.jsonl")];
    const small = { ...spec, rows: 5_000 };
    await writeDataSet("irctc", small, { format: "csv", out: csv, workers: 1 });
    await writeDataSet("irctc", small, { format: "jsonl", out: json, workers: 1 });
    const rows = [...irctcRows(small)];
    const lines = readFileSync(csv, "utf8").trimEnd().split("\n");
    expect(lines[0]).toBe(irctcHeader.join(","));
    expect(lines.slice(1)).toEqual(rows.map((row) => Object.values(row).join(",")));
    const parsed = readFileSync(json, "utf8").trimEnd().split("\n");
    expect(parsed.map((line) => JSON.parse(line))).toEqual(rows);
  });

  it("keeps the order of time, and a PNR only where money was paid", () => {
    let before = "";
    for (const row of irctcRows({ rows: 50_000, seed: 3 })) {
      if (row.time < before) expect.fail(`${row.time} comes after ${before}`);
      before = row.time;
      const isPaid = row.action === "payment" && row.status === 200;
      if (isPaid && !/^\d{10}$/.test(row.pnr)) expect.fail(`paid, but the PNR is "${row.pnr}"`);
      if (row.pnr !== "") expect(["payment", "cancel"]).toContain(row.action);
    }
  });

  it("draws devices by their shares: chi-square over the sessions", () => {
    const devices = new Map<number, number>();
    for (const { session, device } of blocks) {
      session.forEach((id, row) => devices.set(id, device[row]!));
    }
    expectFit(chiSquare(countsOf(devices.values(), 4), [58, 14, 22, 6]));
  });

  it("draws gateways of payments by their shares: chi-square over the sessions", () => {
    const gateways = new Map<number, number>();
    for (const columns of blocks) {
      columns.session.forEach((id, row) => {
        if (columns.action[row] === action["payment"]) gateways.set(id, columns.gateway[row]!);
      });
    }
    expectFit(chiSquare(countsOf(gateways.values(), 4), [62, 16, 15, 7]));
  });

  it("chooses trains by Zipf's law with exponent 0.9: chi-square over the searches", () => {
    // The train of a search is logged with the look at availability that follows it.
    const chosen: number[] = [];
    for (const columns of blocks) {
      const last = new Map<number, number>();
      columns.session.forEach((id, row) => {
        const isFirstLook = columns.action[row] === action["availability"];
        if (isFirstLook && last.get(id) === action["search"]) chosen.push(columns.train[row]!);
        last.set(id, columns.action[row]!);
      });
    }
    // 4,096 cells a table: a share is off by up to half a cell.
    const counts = countsOf(chosen, trains.length);
    const law = zipfWeights(trains.length, 0.9);
    const total = law.reduce((sum, weight) => sum + weight, 0);
    law.forEach((weight, rank) => {
      const due = (weight / total) * chosen.length;
      const slack = 4 * Math.sqrt(due) + chosen.length / 4_096;
      expect(Math.abs(counts[rank]! - due)).toBeLessThan(slack);
    });
    const top = counts.slice(0, 30);
    expectFit(chiSquare(top, law.slice(0, 30)));
    const flat = chiSquare(top, new Array<number>(30).fill(1));
    expect(flat.statistic).toBeGreaterThan(flat.limit);
  });

  it("follows the chain of actions: chi-square over what comes after an answer of 200", () => {
    const follows = countTransitions();
    const chain: Record<string, Record<string, number>> = {
      search: { search: 0.27, availability: 0.55 },
      availability: { book: 0.48, search: 0.18, availability: 0.14 },
    };
    for (const [from, to] of Object.entries(chain)) {
      const counts = Object.keys(to).map((next) => follows[action[from]!]![action[next]!]!);
      expectFit(chiSquare(counts, Object.values(to)));
      const others = actions.filter((next) => !(next in to));
      for (const next of others) expect(follows[action[from]!]![action[next]!]).toBe(0);
    }
    const only = { login: "search", book: "payment", payment: "cancel" };
    for (const [from, to] of Object.entries(only)) {
      const counts = follows[action[from]!]!;
      expect(counts[action[to]!]).toBeGreaterThan(100);
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(counts[action[to]!]);
    }
  });

  it("comes by the daily curve: Kolmogorov-Smirnov", () => {
    const shares = new Float64Array(1441);
    loadByMinute.forEach((load, minute) => (shares[minute + 1] = shares[minute]! + load / 1440));
    const times = blocks.flatMap((columns) => [...columns.timeMs]);
    const cdf = (ms: number): number => {
      const minute = Math.floor(ms / 60_000);
      return shares[minute]! + (ms / 60_000 - minute) * (shares[minute + 1]! - shares[minute]!);
    };
    expectFit(kolmogorovSmirnov(times, cdf));
    const even = kolmogorovSmirnov(times, (ms) => ms / 86_400_000);
    expect(even.statistic).toBeGreaterThan(even.limit);
  });

  it("has log-normal response times that grow with the load: Kolmogorov-Smirnov", () => {
    const logs: number[] = [];
    for (const columns of blocks) {
      columns.responseMs.forEach((response, row) => {
        if (columns.action[row] !== action["payment"] || columns.status[row] !== 200) return;
        const load = loadByMinute[Math.floor(columns.timeMs[row]! / 60_000)]!;
        const median = 780 / (1 - Math.min(0.93, load / 9));
        logs.push(Math.log(response / median) / 0.5);
      });
    }
    expect(logs.length).toBeGreaterThan(10_000);
    expectFit(kolmogorovSmirnov(logs, normal));
  });

  it("peaks at the Tatkal openings, in its quota and the opening's classes", () => {
    const byMinute = countsOf(
      blocks.flatMap((columns) => [...columns.timeMs].map((ms) => Math.floor(ms / 60_000))),
      1_440,
    );
    expect(byMinute[600]!).toBeGreaterThan(3 * byMinute[590]!);
    expect(byMinute[660]!).toBeGreaterThan(2 * byMinute[650]!);
    const bookings = [...irctcRows(spec)].filter((row) => row.action === "book");
    const shareOf = (hour: string, classes: readonly string[]): number => {
      const booked = bookings.filter(
        (row) => row.time.slice(11, 15) === `${hour}:1` && row.quota === "TQ",
      );
      return booked.filter((row) => classes.includes(row.class)).length / booked.length;
    };
    // Two in a hundred ask for the Tatkal quota at any time, in any class.
    expect(shareOf("10", ["1A", "2A", "3A", "CC"])).toBeGreaterThan(0.98);
    expect(shareOf("11", ["SL", "2S"])).toBeGreaterThan(0.98);
  });

  it("plants faults at the stated rate and tells each of them", async () => {
    const out = join(folder, "faults.csv");
    const small = { ...spec, rows: 40_000 };
    await writeDataSet("irctc", { ...small, faults: 0.01 }, { format: "csv", out, workers: 1 });
    const clean = join(folder, "clean.csv");
    await writeDataSet("irctc", small, { format: "csv", out: clean, workers: 1 });
    const truth = readFileSync(`${out}.truth.jsonl`, "utf8").trimEnd().split("\n");
    const faultRows = new Set(truth.map((line) => (JSON.parse(line) as { row: number }).row));
    const broken = readFileSync(out, "utf8").split("\n").slice(1);
    const whole = readFileSync(clean, "utf8").split("\n").slice(1);
    const differing = broken.flatMap((line, row) => (line === whole[row] ? [] : [row]));
    expect(new Set(differing)).toEqual(faultRows);
    expect(Math.abs(faultRows.size - 400)).toBeLessThan(60);
  });
});

describe("bad input", () => {
  it("is refused in one sentence", async () => {
    const out = join(folder, "x.csv");
    await expect(writeDataSet("trains", spec, { format: "csv", out })).rejects.toThrow(
      `no data set is called "trains": choose one of ${Object.keys(dataSets).join(", ")}`,
    );
    await expect(
      writeDataSet("irctc", { rows: 0, seed: 1 }, { format: "csv", out }),
    ).rejects.toThrow("rows must be from 1 to 1000000000, but was 0");
    await expect(
      writeDataSet("votes", { rows: 9, seed: 1, faults: 2 }, { format: "csv", out }),
    ).rejects.toThrow("faults must be from 0 to 1, but was 2");
    await expect(
      writeDataSet("irctc", spec, { format: "csv", out: join(folder, "no/where.csv") }),
    ).rejects.toThrow("does not exist: make it first");
  });
});

/** How often each action follows each other one in a session, after an answer of 200. */
function countTransitions(): number[][] {
  const follows = actions.map(() => actions.map(() => 0));
  for (const columns of blocks) {
    const last = new Map<number, number>();
    columns.session.forEach((id, row) => {
      const before = last.get(id);
      if (before !== undefined) follows[before]![columns.action[row]!]!++;
      if (columns.status[row] === 200) last.set(id, columns.action[row]!);
      else last.delete(id);
    });
  }
  return follows;
}

function expectFit({ statistic, limit }: Fit): void {
  expect(statistic).toBeLessThan(limit);
}

function normal(x: number): number {
  return (1 + errorFunction(x / Math.SQRT2)) / 2;
}
