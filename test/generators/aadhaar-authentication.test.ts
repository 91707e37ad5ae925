import { errorFunction } from "simple-statistics";
import { describe, expect, it } from "vitest";
import {
  aadhaarRows,
  agencyWeights,
  authenticatedPeople,
  authenticationColumns,
  authenticationCurve,
  authenticationRows,
  authenticationTruth,
  baseLatencyMs,
  ErrorCode,
  genuineFingerprint,
  latencySigma,
  modalities,
  modalityWeights,
  noScore,
} from "dabbawala/generators";
import type { AuthenticationColumns } from "dabbawala/generators";
import { chiSquare, countsOf, kolmogorovSmirnov } from "./distributions";
import type { Fit } from "./distributions";

const spec = { rows: 60_000, seed: 3 };
const blocks = [...authenticationColumns(spec)];
const all = (pick: (columns: AuthenticationColumns) => Iterable<number>): number[] =>
  blocks.flatMap((columns) => [...pick(columns)]);
const numbers = all((columns) => columns.aadhaar);
const used = all((columns) => columns.modality);
const errors = all((columns) => columns.error);
/** Rows that are not the second try of somebody who was refused just before. */
const fresh = firstTries();

describe("Authentication events", () => {
  it("come by the daily curve: Kolmogorov-Smirnov", () => {
    const times = all((columns) => columns.timeMs);
    expect(times.every((time, row) => row === 0 || time >= times[row - 1]!)).toBe(true);
    const shares = new Float64Array(1441);
    authenticationCurve.byMinute.forEach((load, i) => (shares[i + 1] = shares[i]! + load / 1440));
    const cdf = (ms: number): number => {
      const minute = Math.floor(ms / 60_000);
      return shares[minute]! + (ms / 60_000 - minute) * (shares[minute + 1]! - shares[minute]!);
    };
    expectFit(kolmogorovSmirnov(times, cdf));
    const even = kolmogorovSmirnov(times, (ms) => ms / 86_400_000);
    expect(even.statistic).toBeGreaterThan(even.limit);
  });

  it("use modalities and agencies by their shares: chi-square", () => {
    const agencies = all((columns) => columns.agency);
    const pick = (values: number[]): number[] => fresh.map((row) => values[row]!);
    expectFit(chiSquare(countsOf(pick(used), modalities.length), modalityWeights));
    expectFit(chiSquare(countsOf(pick(agencies), agencyWeights.length), agencyWeights));
  });

  it("score fingerprints of the right person normally: chi-square over the points", () => {
    const scores = all((columns) => columns.fingerprintScore);
    const { mean, spread } = genuineFingerprint;
    const cut = (x: number): number => (x <= 0 ? 0 : x > 100 ? 1 : normal((x - mean) / spread));
    const weights = Array.from({ length: 101 }, (_, k) => cut(k + 0.5) - cut(k - 0.5));
    const seen = fresh.map((row) => scores[row]!).filter((score) => score !== noScore);
    expectFit(chiSquare(countsOf(seen, 101), weights));
  });

  it("have log-normal latency that grows with the load: Kolmogorov-Smirnov", () => {
    const latencies = all((columns) => columns.latencyMs);
    const times = all((columns) => columns.timeMs);
    const logs = latencies.flatMap((latency, row) => {
      if (errors[row] === ErrorCode.unknown) return [];
      const load = authenticationCurve.byMinute[Math.floor(times[row]! / 60_000)]!;
      const median = baseLatencyMs[used[row]!]! / (1 - load / 4.5);
      return [Math.log(latency / median) / latencySigma];
    });
    expectFit(kolmogorovSmirnov(logs, normal));
  });

  it("are of people in the records of the same seed, in their state", () => {
    const small = { rows: 4_000, seed: 3 };
    const people = new Map<string, string>();
    for (const person of aadhaarRows({ rows: authenticatedPeople(small), seed: 3 })) {
      people.set(person.aadhaar, person.state);
    }
    const strangers = [...authenticationRows(small)].filter(
      (event) => people.get(event.aadhaar) !== event.state,
    );
    expect(strangers).toEqual([]);
  });

  it("say yes exactly where there is no error", () => {
    for (const event of authenticationRows({ rows: 2_000, seed: 1 })) {
      expect(event.result).toBe(event.error === null ? "y" : "n");
      expect(event.fingerprint_score !== null).toBe(event.modality.startsWith("fingerprint"));
      expect(event.iris_distance !== null).toBe(event.modality.endsWith("iris"));
    }
  });
});

describe("planted bursts", () => {
  const faulty = { rows: 100_000, seed: 4, faults: 0.02 };
  const truth = [...authenticationTruth(faulty)];
  const events = [...authenticationRows(faulty)];

  it("are 40 failures among 512 neighbours, of one number or of one device", () => {
    const bursts = new Map<string, typeof truth>();
    for (const planted of truth) {
      bursts.set(planted.burst, [...(bursts.get(planted.burst) ?? []), planted]);
    }
    expect(bursts.size).toBeGreaterThan(25);
    for (const rows of bursts.values()) {
      const members = rows.map(({ row }) => events[row]!);
      const isNumber = rows[0]!.kind === "number";
      expect(rows.length).toBe(40);
      expect(rows.at(-1)!.row - rows[0]!.row).toBeLessThan(512);
      const same = members.map((event) => (isNumber ? event.aadhaar : event.device));
      expect(new Set(same).size).toBe(1);
      expect(members.filter((event) => event.result === "n").length).toBeGreaterThan(35);
      expect(rows.map(({ aadhaar }) => aadhaar)).toEqual(members.map((event) => event.aadhaar));
    }
  });

  it("stand out: nobody else is refused nearly so often", () => {
    const told = new Set(truth.map((planted) => planted.row));
    const refusals = new Map<string, number>();
    events.forEach((event, row) => {
      if (event.result === "y" || told.has(row)) return;
      refusals.set(event.aadhaar, (refusals.get(event.aadhaar) ?? 0) + 1);
    });
    expect(Math.max(...refusals.values())).toBeLessThan(12);
  });
});

function firstTries(): number[] {
  const lastSeen = new Map<number, number>();
  return numbers.flatMap((aadhaar, row) => {
    const before = lastSeen.get(aadhaar);
    lastSeen.set(aadhaar, row);
    return before !== undefined && row - before < 50 ? [] : [row];
  });
}

function expectFit({ statistic, limit }: Fit): void {
  expect(statistic).toBeLessThan(limit);
}

function normal(x: number): number {
  return (1 + errorFunction(x / Math.SQRT2)) / 2;
}
