import { errorFunction } from "simple-statistics";
import { describe, expect, it } from "vitest";
import { Random } from "dabbawala/basics";
import {
  aadhaarColumns,
  aadhaarRows,
  aadhaarTruth,
  addIrisNoise,
  ageWeights,
  districts,
  drawGenuineDistance,
  drawIris,
  enrolmentWeights,
  genderWeights,
  irisDistance,
  isVerhoeffValid,
  languages,
  states,
} from "dabbawala/generators";
import type { AadhaarColumns, AadhaarRow } from "dabbawala/generators";
import { chiSquare, countsOf, kolmogorovSmirnov } from "./distributions";

const spec = { rows: 60_000, seed: 7 };
const blocks = [...aadhaarColumns(spec)];
const all = (pick: (columns: AadhaarColumns) => Iterable<number>): number[] =>
  blocks.flatMap((columns) => [...pick(columns)]);

describe("Aadhaar records", () => {
  it("have numbers that differ, start with 0 or 1 and end with a valid check digit", () => {
    const seen = new Set<string>();
    for (const { aadhaar } of aadhaarRows({ rows: 20_000, seed: 2 })) {
      expect(aadhaar).toMatch(/^[01]\d{11}$/);
      expect(isVerhoeffValid(aadhaar)).toBe(true);
      seen.add(aadhaar);
    }
    expect(seen.size).toBe(20_000);
  });

  it("live in districts in census proportion: chi-square over 640", () => {
    const counts = countsOf(
      all((columns) => columns.district),
      districts.length,
    );
    const populations = districts.map((district) => district.population);
    expect(populations.reduce((sum, population) => sum + population, 0)).toBe(1_210_854_977);
    const fit = chiSquare(counts, populations);
    expect(fit.statistic).toBeLessThan(fit.limit);
    const uniform = chiSquare(
      counts,
      districts.map(() => 1),
    );
    expect(uniform.statistic).toBeGreaterThan(uniform.limit);
  });

  it("have gender, and age by gender, as the census: chi-square", () => {
    const genders = all((columns) => columns.gender);
    expectFit(chiSquare(countsOf(genders, 3), genderWeights));
    const births = all((columns) => columns.birthDate);
    for (const [gender, weights] of [ageWeights.male, ageWeights.female].entries()) {
      const groups = births
        .filter((_, row) => genders[row] === gender)
        .map((date) => Math.min(16, Math.floor(ageOnCensusDay(date) / 5)));
      expectFit(chiSquare(countsOf(groups, weights.length), weights));
    }
  });

  it("spread birthdays evenly over the days of an age group: Kolmogorov-Smirnov", () => {
    const ages = all((columns) => columns.birthDate)
      .map(ageOnCensusDay)
      .filter((age) => age >= 20 && age < 25);
    expectFit(kolmogorovSmirnov(ages, (age) => (age - 20) / 5));
  });

  it("speak the languages of their state: chi-square in five states", () => {
    const tongues = all((columns) => columns.language);
    const homes = all((columns) => columns.district).map((district) => districts[district]!.state);
    for (const code of ["MH", "KA", "AS", "JH", "DL"]) {
      const state = states.findIndex((candidate) => candidate.code === code);
      const counts = countsOf(
        tongues.filter((_, row) => homes[row] === state),
        languages.length,
      );
      const weights = languages.map((language) => states[state]!.languages[language] ?? 0);
      expect(weights.some((weight) => weight > 0)).toBe(true);
      expectFit(chiSquare(counts, weights));
    }
  });

  it("were enrolled by year as stated, never before the birth", () => {
    const enrolled = all((columns) => columns.enrolled);
    const years = enrolled.map((date) => Math.floor(date / 10_000) - 2011);
    expectFit(chiSquare(countsOf(years, 10), enrolmentWeights));
    const births = all((columns) => columns.birthDate);
    expect(births.every((birth, row) => birth <= enrolled[row]!)).toBe(true);
  });

  it("have dates that a calendar has", () => {
    for (const date of all((columns) => columns.birthDate).slice(0, 10_000)) {
      expect(isRealDate(date)).toBe(true);
    }
  });
});

describe("iris codes", () => {
  const random = new Random(5);
  const codes = Array.from({ length: 1_200 }, () => {
    const code = new Uint8Array(256);
    drawIris(random, code);
    return code;
  });

  it("of two people differ as 249 tosses of a coin: Kolmogorov-Smirnov", () => {
    const distances = Array.from({ length: 600 }, (_, i) =>
      irisDistance(codes[i]!, codes[i + 600]!),
    );
    const spread = 0.5 / Math.sqrt(249);
    expectFit(kolmogorovSmirnov(distances, (x) => normal((x - 0.5) / spread)));
    const independent = 0.5 / Math.sqrt(2_048);
    const tooNarrow = kolmogorovSmirnov(distances, (x) => normal((x - 0.5) / independent));
    expect(tooNarrow.statistic).toBeGreaterThan(tooNarrow.limit);
  });

  it("of one person differ by 0.110 +- 0.065", () => {
    const distances = Array.from({ length: 4_000 }, (_, i) => {
      const code = codes[i % codes.length]!;
      const again = code.slice();
      addIrisNoise(again, drawGenuineDistance(random), random);
      return irisDistance(code, again);
    });
    const mean = distances.reduce((sum, x) => sum + x, 0) / distances.length;
    const variance = distances.reduce((sum, x) => sum + (x - mean) ** 2, 0) / distances.length;
    expect(mean).toBeGreaterThan(0.106);
    expect(mean).toBeLessThan(0.114);
    expect(Math.sqrt(variance)).toBeGreaterThan(0.062);
    expect(Math.sqrt(variance)).toBeLessThan(0.069);
  });
});

describe("planted faults", () => {
  const faulty = { rows: 20_000, seed: 5, faults: 0.05 };
  const clean = [...aadhaarRows({ ...faulty, faults: 0 })];
  const rows = [...aadhaarRows(faulty)];
  const truth = [...aadhaarTruth(faulty)];

  it("are told, each of them, at the stated rate and in the stated shares", () => {
    const changed = rows.flatMap((row, i) => (isSame(row, clean[i]!) ? [] : [i]));
    expect(truth.map((planted) => planted.row)).toEqual(changed);
    expect(Math.abs(truth.length - 1_000)).toBeLessThan(100);
    const kinds = ["duplicate", "bad-check-digit", "impossible-date"];
    const counts = kinds.map((kind) => truth.filter((planted) => planted.fault === kind).length);
    expectFit(chiSquare(counts, [40, 30, 30]));
  });

  it("duplicates are one person under two numbers, by eye and mostly by birth date", () => {
    const duplicates = truth.filter((planted) => planted.fault === "duplicate");
    let [sameName, sameBirth, sameState] = [0, 0, 0];
    for (const { row, of = -1, iris_distance: told = 1 } of duplicates) {
      const [first, second] = [clean[of]!, rows[row]!];
      expect(irisDistance(fromHex(first.iris), fromHex(second.iris))).toBe(told);
      expect(second.aadhaar).not.toBe(first.aadhaar);
      expect(second.gender).toBe(first.gender);
      if (second.name === first.name) sameName++;
      if (second.birth_date === first.birth_date) sameBirth++;
      if (second.state === first.state) sameState++;
    }
    expect(sameName / duplicates.length).toBeLessThan(0.35);
    expect(sameBirth / duplicates.length).toBeGreaterThan(0.75);
    expect(sameState / duplicates.length).toBeGreaterThan(0.6);
    expect(sameState / duplicates.length).toBeLessThan(0.85);
    const below = duplicates.filter((planted) => planted.iris_distance! < 0.32).length;
    expect(below / duplicates.length).toBeGreaterThan(0.97);
  });

  it("bad check digits are bad, and the told number is right", () => {
    for (const { row, fault, correct } of truth) {
      expect(isVerhoeffValid(rows[row]!.aadhaar)).toBe(fault !== "bad-check-digit");
      if (correct !== undefined) expect(correct).toBe(clean[row]!.aadhaar);
    }
  });

  it("impossible dates are impossible, and nothing else is", () => {
    const isPossible = ({ birth_date, enrolled }: AadhaarRow): boolean =>
      isRealDate(Number(birth_date.replace(/-/g, ""))) &&
      birth_date >= "1900-01-01" &&
      birth_date <= enrolled;
    const impossible = rows.flatMap((row, i) => (isPossible(row) ? [] : [i]));
    const told = truth.filter((planted) => planted.fault === "impossible-date");
    expect(impossible).toEqual(told.map((planted) => planted.row));
  });
});

function expectFit({ statistic, limit }: { statistic: number; limit: number }): void {
  expect(statistic).toBeLessThan(limit);
}

function ageOnCensusDay(date: number): number {
  return (Date.UTC(2011, 2, 1) - utc(date)) / (365.25 * 86_400_000);
}

function utc(date: number): number {
  return Date.UTC(Math.floor(date / 10_000), (Math.floor(date / 100) % 100) - 1, date % 100);
}

function isRealDate(date: number): boolean {
  const iso = new Date(utc(date)).toISOString().slice(0, 10).replace(/-/g, "");
  return Number(iso) === date;
}

function isSame(a: AadhaarRow, b: AadhaarRow): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function fromHex(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, "hex"));
}

function normal(x: number): number {
  return (1 + errorFunction(x / Math.SQRT2)) / 2;
}
