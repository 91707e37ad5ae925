import { defineJob } from "../map-reduce/job";

/**
 * Exact percentiles of the response time (ms) for each hour: [count, p50, p95, p99, greatest]. A
 * percentile is the least value that so many per cent do not exceed (nearest rank).
 */
export const responseTimes = defineJob({
  name: "response-times",
  input: "csv",
  map(record, emit) {
    emit(record.text("time").slice(11, 13), record.number("response_ms"));
  },
  reduce(_hour, values: readonly number[]) {
    const sorted = Float64Array.from(values).sort();
    const at = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] as number;
    return [sorted.length, at(0.5), at(0.95), at(0.99), at(1)];
  },
});
