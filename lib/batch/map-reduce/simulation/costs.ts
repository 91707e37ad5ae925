/** How long a simulated task takes: start-up, bytes over rate, the machine's speed, and noise. */
import type { Nearness } from "../control/idle-tasks";

export interface CostModel {
  /** Before a task does its first byte; ms, default 500. */
  readonly taskStartMs: number;
  /** Of a map task on local input; bytes/ms, default 4,200 (4.2 MB/s, see `paperSort`). */
  readonly mapBytesPerMs: number;
  /** Of a reduce task, shuffle, sort and write together; bytes/ms, default 1,150. */
  readonly reduceBytesPerMs: number;
  /** Share of the map rate by the way to the input; default 1, 0.8, 0.5. */
  readonly nearnessFactor: Readonly<Record<Nearness, number>>;
  /** Each duration is multiplied by a log-normal draw of median 1 and this sigma; default 0.1. */
  readonly sigma: number;
}

export const defaultCosts: CostModel = {
  taskStartMs: 500,
  mapBytesPerMs: 4_200,
  reduceBytesPerMs: 1_150,
  nearnessFactor: { local: 1, rack: 0.8, remote: 0.5 },
  sigma: 0.1,
};

export function mapMs(costs: CostModel, bytes: number, near: Nearness | undefined): number {
  const rate = costs.mapBytesPerMs * costs.nearnessFactor[near ?? "local"];
  return costs.taskStartMs + bytes / rate;
}

export function reduceMs(costs: CostModel, bytes: number): number {
  return costs.taskStartMs + bytes / costs.reduceBytesPerMs;
}

/** A log-normal factor of median 1 (Box and Muller), from a node's own chance. */
export function noise(sigma: number, random: () => number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random()));
  return Math.exp(sigma * radius * Math.cos(2 * Math.PI * random()));
}
