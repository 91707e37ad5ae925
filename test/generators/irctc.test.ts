import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { linearRegression } from "simple-statistics";
import { afterAll, describe, expect, it } from "vitest";
import {
  encodedBlocks,
  irctcColumns,
  irctcHeader,
  irctcRows,
  trains,
  writeDataSet,
} from "dabbawala/generators";

const folder = mkdtempSync(join(tmpdir(), "dabbawala-irctc-"));
afterAll(() => rmSync(folder, { recursive: true }));

const spec = { rows: 100_000, seed: 3 };

async function hashOf(workers: number): Promise<string> {
  const hash = createHash("sha256");
  for await (const block of encodedBlocks("irctc", spec, { format: "csv", workers })) {
    hash.update(block.bytes);
  }
  return hash.digest("hex");
}

describe("IRCTC log", () => {
  it("is the same bytes whatever the number of workers", async () => {
    expect(await hashOf(3)).toBe(await hashOf(1));
  });

  it("is the same as CSV, as rows and as JSON lines", async () => {
    const [csv, json] = [join(folder, "same.csv"), join(folder, "same.jsonl")];
    await writeDataSet("irctc", { ...spec, rows: 5_000 }, { format: "csv", out: csv });
    await writeDataSet("irctc", { ...spec, rows: 5_000 }, { format: "jsonl", out: json });
    const rows = [...irctcRows({ ...spec, rows: 5_000 })];
    const lines = readFileSync(csv, "utf8").trimEnd().split("\n");
    expect(lines[0]).toBe(irctcHeader.join(","));
    expect(lines.slice(1)).toEqual(rows.map((row) => Object.values(row).join(",")));
    const parsed = readFileSync(json, "utf8").trimEnd().split("\n");
    expect(parsed.map((line) => JSON.parse(line))).toEqual(rows);
  });

  it("keeps the order of time, and a PNR only where money was paid", () => {
    let before = "";
    for (const row of irctcRows(spec)) {
      expect(row.time >= before).toBe(true);
      before = row.time;
      if (row.pnr !== "") expect(["payment", "cancel"]).toContain(row.action);
      if (row.action === "payment" && row.status === 200) expect(row.pnr).toMatch(/^\d{10}$/);
    }
  });

  it("draws devices by their shares: chi-square over the sessions", () => {
    const seen = [0, 0, 0, 0];
    const sessions = new Set<number>();
    for (const columns of irctcColumns({ rows: 400_000, seed: 9 })) {
      columns.session.forEach((session, row) => {
        if (!sessions.has(session)) seen[columns.device[row]!]!++;
        sessions.add(session);
      });
    }
    const chiSquare = [0.58, 0.14, 0.22, 0.06].reduce((sum, share, device) => {
      const expected = share * sessions.size;
      return sum + (seen[device]! - expected) ** 2 / expected;
    }, 0);
    expect(chiSquare).toBeLessThan(16.27); // 99.9 % point of 3 degrees of freedom
  });

  it("chooses trains by Zipf's law with exponent 0.9: the slope of log count on log rank", () => {
    const seen = new Float64Array(trains.length);
    for (const columns of irctcColumns({ rows: 400_000, seed: 9 })) {
      columns.train.forEach((train) => {
        if (train < trains.length) seen[train]!++;
      });
    }
    const points = [...seen]
      .slice(0, 60)
      .map((count, rank) => [Math.log(rank + 1), Math.log(count)]);
    expect(linearRegression(points).m).toBeCloseTo(-0.9, 1);
  });

  it("has log-normal response times: Kolmogorov-Smirnov at the quiet hour", () => {
    const logs: number[] = [];
    for (const columns of irctcColumns({ rows: 400_000, seed: 4 })) {
      for (let row = 0; row < columns.rows; row++) {
        const isQuiet =
          columns.timeMs[row]! > 15 * 3_600_000 && columns.timeMs[row]! < 15.2 * 3_600_000;
        if (isQuiet && columns.action[row] === 4 && columns.status[row] === 200) {
          logs.push(Math.log(columns.responseMs[row]!));
        }
      }
    }
    logs.sort((a, b) => a - b);
    const middle = logs[logs.length >> 1]!;
    const distance = Math.max(
      ...logs.map((value, i) => Math.abs((i + 0.5) / logs.length - normal((value - middle) / 0.5))),
    );
    expect(logs.length).toBeGreaterThan(200);
    expect(distance).toBeLessThan(1.63 / Math.sqrt(logs.length)); // 1 % point
  });

  it("peaks at the Tatkal openings", () => {
    const byMinute = new Float64Array(1440);
    for (const row of irctcRows(spec)) {
      byMinute[Number(row.time.slice(11, 13)) * 60 + Number(row.time.slice(14, 16))]!++;
    }
    expect(byMinute[600]!).toBeGreaterThan(3 * byMinute[590]!);
    expect(byMinute[660]!).toBeGreaterThan(2 * byMinute[650]!);
  });

  it("survives the round trip through Parquet and DuckDB", async () => {
    const file = join(folder, "log.parquet");
    await writeDataSet("irctc", spec, { format: "parquet", out: file });
    const connection = await (await DuckDBInstance.create(":memory:")).connect();
    const reader = await connection.runAndReadAll(
      `select count(*)::int, sum(response_ms)::double, count(distinct "user")::int from '${file}'`,
    );
    const rows = [...irctcRows(spec)];
    expect(reader.getRows()[0]).toEqual([
      spec.rows,
      rows.reduce((sum, row) => sum + row.response_ms, 0),
      new Set(rows.map((row) => row.user)).size,
    ]);
  });

  it("plants faults at the stated rate and tells each of them", async () => {
    const out = join(folder, "faults.csv");
    await writeDataSet("irctc", { ...spec, faults: 0.01 }, { format: "csv", out });
    const clean = join(folder, "clean.csv");
    await writeDataSet("irctc", spec, { format: "csv", out: clean });
    const truth = readFileSync(`${out}.truth.jsonl`, "utf8").trimEnd().split("\n");
    const faultRows = new Set(truth.map((line) => (JSON.parse(line) as { row: number }).row));
    const broken = readFileSync(out, "utf8").split("\n").slice(1);
    const whole = readFileSync(clean, "utf8").split("\n").slice(1);
    const differing = broken.flatMap((line, row) => (line === whole[row] ? [] : [row]));
    expect(new Set(differing)).toEqual(faultRows);
    expect(faultRows.size).toBeGreaterThan(900);
    expect(faultRows.size).toBeLessThan(1100);
  });

  it("leaves nothing behind when it is aborted", async () => {
    const controller = new AbortController();
    const out = join(folder, "aborted.csv");
    const onProgress = (): void => controller.abort(new Error("stop"));
    const { signal } = controller;
    const writing = writeDataSet("irctc", spec, { format: "csv", out, signal, onProgress });
    await expect(writing).rejects.toThrow("stop");
    expect(readdirSync(folder).filter((name) => name.startsWith("aborted"))).toEqual([]);
  });

  it("refuses bad input in one sentence", async () => {
    const out = join(folder, "x.csv");
    await expect(writeDataSet("trains", spec, { format: "csv", out })).rejects.toThrow(
      'no data set is called "trains": choose one of',
    );
    await expect(
      writeDataSet("irctc", { rows: 0, seed: 1 }, { format: "csv", out }),
    ).rejects.toThrow("rows must be from 1 to 1000000000, but was 0");
    await expect(
      writeDataSet("irctc", spec, { format: "csv", out: join(folder, "no/where.csv") }),
    ).rejects.toThrow("does not exist: make it first");
  });
});

/** The standard normal distribution function, by Simpson's rule. */
function normal(x: number): number {
  const steps = 200;
  const width = x / steps;
  let sum = 0;
  for (let i = 0; i <= steps; i++) {
    const weight = i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2;
    sum += weight * Math.exp(-((i * width) ** 2) / 2);
  }
  return 0.5 + (sum * width) / 3 / Math.sqrt(2 * Math.PI);
}
