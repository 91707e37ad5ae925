import fc from "fast-check";
import { expect, it } from "vitest";
import { LatencyHistogram } from "dabbawala/basics";

/** The percentile by its definition: the value of that rank in the sorted list. */
function exactMs(latencies: readonly number[], share: number): number {
  const sorted = [...latencies].sort((a, b) => a - b);
  return sorted[Math.max(1, Math.ceil(share * sorted.length)) - 1];
}

const latenciesMs = fc.array(fc.integer({ min: 0, max: 50_000_000 }), { minLength: 1 });

it("is at most 1.6 % above the exact percentile and never below it", () => {
  fc.assert(
    fc.property(latenciesMs, fc.constantFrom(0, 0.5, 0.95, 0.99, 1), (microseconds, share) => {
      const latencies = microseconds.map((value) => value / 1_000);
      const histogram = new LatencyHistogram();
      for (const latency of latencies) histogram.record(latency);
      const exact = exactMs(latencies, share);
      expect(histogram.percentileMs(share)).toBeGreaterThanOrEqual(exact - 1e-9);
      expect(histogram.percentileMs(share)).toBeLessThanOrEqual(exact * 1.016 + 1e-9);
    }),
  );
});

it("two histograms add up to that of all latencies, through JSON", () => {
  fc.assert(
    fc.property(latenciesMs, latenciesMs, (left, right) => {
      const [one, other, both] = [0, 1, 2].map(() => new LatencyHistogram());
      for (const value of left) one.record(value / 1_000);
      for (const value of right) other.record(value / 1_000);
      for (const value of [...left, ...right]) both.record(value / 1_000);
      one.add(JSON.parse(JSON.stringify(other)));
      const { meanMs, ...rest } = one.summary();
      const { meanMs: meanOfBoth, ...expected } = both.summary();
      expect(rest).toEqual(expected);
      expect(meanMs).toBeCloseTo(meanOfBoth, 6);
    }),
  );
});

it("is all zeros when nothing was recorded", () => {
  const zeros = { count: 0, meanMs: 0, p50Ms: 0, p95Ms: 0, p99Ms: 0, maxMs: 0 };
  expect(new LatencyHistogram().summary()).toEqual(zeros);
});
