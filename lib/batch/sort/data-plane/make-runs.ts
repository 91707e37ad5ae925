/** Reads a split, sorts it chunk by chunk in memory, and writes each chunk as a run. */
import type { SortShape } from "../shape";
import type { MadeRun, SortSplit } from "../tasks";
import type { Arena } from "./arena";
import { planRuns } from "./arena-plan";
import { ChunkReader } from "./chunk-reader";
import type { KeyOrder } from "./key-order";
import { orderTable } from "./order-table";
import { makeTable } from "./record-table";
import { writeRun } from "./run-writer";

export interface RunSettings {
  readonly arena: Arena;
  readonly order: KeyOrder;
  readonly shape: SortShape;
  readonly worker: string;
  readonly samplesPerRun: number;
  /** The runs' files are called so, and by their number. */
  readonly filePrefix: string;
}

export function makeRuns(
  { split, taskId }: { split: SortSplit; taskId: number },
  { arena, order, shape, worker, filePrefix, samplesPerRun }: RunSettings,
): MadeRun[] {
  const { data, index, tableAt, capacity, chunk } = planRuns(arena.bytes.length);
  const table = makeTable(arena, tableAt, capacity);
  const reader = new ChunkReader(split, shape, arena);
  const runs: MadeRun[] = [];
  try {
    while (reader.next(table, chunk)) {
      order.readPrefixes(table);
      const indices = orderTable(table, order);
      const part = runs.length;
      const place = { worker, taskId, part, file: `${filePrefix}-${part}`, data, index };
      runs.push(writeRun(arena, { table, indices, order }, { ...place, samplesPerRun }));
    }
    return runs;
  } finally {
    reader.close();
  }
}
