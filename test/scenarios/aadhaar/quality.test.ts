import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import {
  aadhaarFormTruth,
  aadhaarTruth,
  formFaults,
  isVerhoeffValid,
  verhoeffDigit,
  writeDataSet,
} from "dabbawala/generators";
import {
  checkQuality,
  judgeQuality,
  judgeRepairs,
  repairAadhaar,
} from "dabbawala/scenarios/aadhaar";
import { parseDate } from "dabbawala/dist/scenarios/aadhaar/quality/rules";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "dabbawala-quality-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("repairs of a number", () => {
  it("stand on a check digit with the published values", () => {
    const published = { "236": 3, "12345": 1, "142857": 0, "8473643095483728456789": 2 };
    for (const [digits, check] of Object.entries(published)) {
      expect(verhoeffDigit(digits)).toBe(check);
      expect(isVerhoeffValid(digits + check)).toBe(true);
    }
  });

  const payload = fc.stringMatching(/^[01][0-9]{10}$/);
  const valid = payload.map((digits) => digits + String(verhoeffDigit(digits)));

  it("list the right number after any one wrong digit but the first, all valid", () => {
    const slip = fc.tuple(valid, fc.integer({ min: 1, max: 11 }), fc.integer({ min: 1, max: 9 }));
    fc.assert(
      fc.property(slip, ([right, place, shift]) => {
        const digit = String((Number(right[place]) + shift) % 10);
        const typed = right.slice(0, place) + digit + right.slice(place + 1);
        const list = repairAadhaar(typed);
        expect(list.map(({ aadhaar }) => aadhaar)).toContain(right);
        expect(list.every(({ aadhaar }) => isVerhoeffValid(aadhaar))).toBe(true);
        expect(list.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 9);
      }),
    );
  });

  it("put an exchange of neighbours before a wrong digit", () => {
    fc.assert(
      fc.property(valid, fc.integer({ min: 1, max: 10 }), (right, place) => {
        fc.pre(right[place] !== right[place + 1]);
        const swapped = `${right[place + 1]}${right[place]}`;
        const typed = right.slice(0, place) + swapped + right.slice(place + 2);
        const list = repairAadhaar(typed);
        const exchanges = list.filter(({ slip }) => slip === "swapped-digits");
        expect(exchanges.map(({ aadhaar }) => aadhaar)).toContain(right);
        expect(list.slice(0, exchanges.length)).toEqual(exchanges);
      }),
    );
  });

  it("are none for a valid number, and refuse what is no number", () => {
    expect(repairAadhaar("183058247226")).toEqual([]);
    expect(() => repairAadhaar("12345")).toThrow('twelve digits, but this is "12345"');
  });
});

describe("dates", () => {
  it("are read as the calendar of JavaScript reads them", () => {
    const parts = fc.tuple(
      fc.integer({ min: 1800, max: 2099 }),
      fc.integer({ min: 0, max: 14 }),
      fc.integer({ min: 0, max: 33 }),
    );
    fc.assert(
      fc.property(parts, ([year, month, day]) => {
        const text = [year, month, day].map((part) => String(part).padStart(2, "0")).join("-");
        const time = new Date(Date.UTC(year, month - 1, day));
        const isDay = time.getUTCMonth() === month - 1 && time.getUTCDate() === day;
        expect(parseDate(text)).toBe(isDay ? year * 10_000 + month * 100 + day : undefined);
      }),
      { numRuns: 2_000 },
    );
    expect(parseDate("1984-3-17")).toBeUndefined();
  });
});

describe("quality", () => {
  const spec = { rows: 8_000, seed: 2, faults: 0.1 };
  const forms = join(folder, "forms.csv");
  beforeAll(async () => {
    await writeDataSet("aadhaar-forms", spec, { format: "csv", out: forms, workers: 1 });
  });

  it("finds every planted fault of the forms, and nothing else", async () => {
    const report = await checkQuality(forms);
    const truth = [...aadhaarFormTruth(spec)];
    expect(report.records).toBe(8_000);
    expect(report.faultyRecords).toBe(truth.length);
    const scores = judgeQuality(report, truth);
    expect(scores.map(({ fault }) => fault).sort()).toEqual([...formFaults].sort());
    for (const { precision, recall } of scores) expect([precision, recall]).toEqual([1, 1]);
    const planted = truth.map(({ row, column }) => `${row + 2} ${column}`);
    const told = report.findings.map(({ line, column }) => `${line} ${column}`);
    expect(told.sort()).toEqual(planted.sort());
    const counted = report.rows.reduce((sum, { count }) => sum + count, 0);
    expect(counted).toBe(report.findings.length);
  });

  it("suggests the right number, first where neighbours were exchanged", async () => {
    const scores = judgeRepairs(await checkQuality(forms), aadhaarFormTruth(spec));
    const [digit, exchange] = ["wrong-digit", "swapped-digits"].map((name) =>
      scores.find(({ fault }) => fault === name),
    );
    expect(digit?.listed).toBe(1);
    expect(exchange?.listed).toBe(1);
    expect(exchange?.firstThree).toBeGreaterThan(0.9);
    expect(exchange?.first).toBeGreaterThan(digit?.first ?? 1);
  });

  it("finds the planted faults of the register itself", async () => {
    const own = { rows: 2_000, seed: 3, faults: 0.1 };
    const out = join(folder, "register.csv");
    await writeDataSet("aadhaar", own, { format: "csv", out, workers: 1 });
    const scores = judgeQuality(await checkQuality(out), aadhaarTruth(own));
    const names = scores.map(({ fault }) => fault).sort();
    expect(names).toEqual(["bad-check-digit", "impossible-date"]);
    for (const { precision, recall } of scores) expect([precision, recall]).toEqual([1, 1]);
  });

  it("tells file, line, column and reason; lines that end early; other columns", async () => {
    const out = join(folder, "few.csv");
    const lines = ["aadhaar,gender,birth_date", "183058247226,F,1987-05-21", "12,X,1987-02-30"];
    writeFileSync(out, [...lines, "183058247226", "183058247226,M,"].join("\n"));
    const { findings } = await checkQuality(out, { workers: 1 });
    const told = findings.map(({ line, kind, column }) => `${line} ${kind} ${column}`);
    expect(told.sort()).toEqual([
      "3 bad-code gender",
      "3 bad-number aadhaar",
      "3 impossible-date birth_date",
      "4 short-line birth_date",
      "5 missing-field birth_date",
    ]);
    expect(findings.every(({ file, reason }) => file === out && reason.length > 5)).toBe(true);
  });

  it("refuses a file without numbers in one sentence", async () => {
    const out = join(folder, "other.csv");
    writeFileSync(out, "a,b\n1,2\n");
    await expect(checkQuality(out)).rejects.toThrow('names no column "aadhaar"');
  });

  it("is a command: dabbawala aadhaar quality", () => {
    const out = join(folder, "command.csv");
    writeFileSync(out, "aadhaar,gender\n183058247226,F\n185038247226,X\n");
    const command = join(__dirname, "../../../lib/bin/dabbawala.cjs");
    const run = (...args: string[]) =>
      spawnSync("node", [command, "aadhaar", "quality", ...args], { encoding: "utf8" });
    const report = run(out).stdout.split("\n");
    expect(report).toContain("bad-code in gender: 1 (50.00 %)");
    expect(report).toContain(`  ${out}:3: "X": no gender is called so`);
    expect(report.some((line) => /perhaps \d{12} was meant$/.test(line))).toBe(true);
    const all = run(out, "--all", "--workers", "1").stdout.trim().split("\n");
    const lines = all.map((line) => (JSON.parse(line) as { line: number }).line);
    expect(lines).toEqual([3, 3]);
    expect(run(join(folder, "none.csv")).stderr).toMatch(/^dabbawala: .*none\.csv/);
  });
});
