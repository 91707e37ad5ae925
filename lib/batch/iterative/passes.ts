/**
 * Passes over the same data, one after the other, until what they compute no longer moves.
 */
import { inRange, wholeInRange } from "../../basics";
import { processBytes } from "./process-bytes";
import type { ProcessBytes } from "./process-bytes";

export interface PassOptions {
  /** The most passes; default 20. */
  readonly passes?: number;
  /** Ends when a pass moves the model no further (Euclidean distance); default 0. */
  readonly tolerance?: number;
  readonly signal?: AbortSignal;
  /** Told passes. */
  readonly onProgress?: (done: number, total: number) => void;
}

export interface PassReport extends Partial<ProcessBytes> {
  readonly elapsedMs: number;
  /** What the pass minimises, before it: squared distances, or the mean loss. */
  readonly cost: number;
  /** How far it moved the model. */
  readonly moved: number;
}

/** What a pass found: the model after it. */
export interface PassResult<Model> {
  readonly model: Model;
  readonly cost: number;
  readonly moved: number;
}

export interface Passes<Model> {
  readonly model: Model;
  readonly reports: readonly PassReport[];
}

export async function runPasses<Model>(
  start: Model,
  pass: (model: Model, index: number) => Promise<PassResult<Model>>,
  { passes = 20, tolerance = 0, signal, onProgress }: PassOptions,
): Promise<Passes<Model>> {
  wholeInRange("passes", passes, { min: 1, max: 100_000 });
  inRange("tolerance", tolerance, { min: 0, max: Number.MAX_VALUE });
  const reports: PassReport[] = [];
  let model = start;
  while (reports.length < passes) {
    signal?.throwIfAborted();
    const [startMs, before] = [performance.now(), processBytes()];
    const found = await pass(model, reports.length);
    const { cost, moved } = found;
    const elapsedMs = performance.now() - startMs;
    reports.push({ elapsedMs, cost, moved, ...since(before) });
    model = found.model;
    onProgress?.(reports.length, passes);
    if (moved <= tolerance) break;
  }
  return { model, reports };
}

function since(before: ProcessBytes | undefined): Partial<ProcessBytes> {
  const after = processBytes();
  if (before === undefined || after === undefined) return {};
  return {
    readBytes: after.readBytes - before.readBytes,
    writtenBytes: after.writtenBytes - before.writtenBytes,
  };
}

/** How far apart two lists of numbers are. */
export function distanceOf(left: readonly number[], right: readonly number[]): number {
  return Math.sqrt(left.reduce((sum, value, i) => sum + (value - right[i]) ** 2, 0));
}
