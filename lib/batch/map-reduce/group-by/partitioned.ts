/** Groups of a table picked out and put in order, as segments. */
import type { GroupTable } from "./group-table";
import type { Segment } from "./segment-file";

/**
 * Slices of the upper bits of the hash, by which tables go too: groups that come slice by slice
 * touch one part of a table at a time, which fits into the cache.
 */
export const slices = 16;

/** By the lower bits; at most 65,536 partitions. */
function partitionOf(hash: number, partitions: number): number {
  return ((hash & 0xffff) * partitions) >>> 16;
}

/** The groups of a table as segments, `slices` for each partition in turn. */
export function partitioned(table: GroupTable, partitions: number): Segment[] {
  const { size, hashes } = table;
  const ends = new Uint32Array(partitions * slices + 1);
  const bins = new Uint32Array(size);
  for (let group = 0; group < size; group++) {
    const hash = hashes[group] as number;
    const bin = partitionOf(hash, partitions) * slices + (hash >>> 28);
    bins[group] = bin;
    ends[bin + 1]++;
  }
  for (let bin = 1; bin < ends.length; bin++) ends[bin] += ends[bin - 1] as number;
  const starts = ends.slice();
  const order = new Uint32Array(size);
  for (let group = 0; group < size; group++) order[starts[bins[group] as number]++] = group;
  return Array.from({ length: partitions * slices }, (_, bin) =>
    picked(table, order.subarray(ends[bin], ends[bin + 1])),
  );
}

/** The groups of `order`, in that order. */
export function picked(table: Segment & Pick<GroupTable, "stride">, order: Uint32Array): Segment {
  const size = order.length;
  const { stride } = table;
  const { keys, keyEnds } = pickedKeys(table, order);
  const cells = new Float64Array(size * stride);
  const hashes = new Int32Array(size);
  for (let i = 0; i < size; i++) {
    const group = order[i] as number;
    hashes[i] = table.hashes[group] as number;
    for (let cell = 0; cell < stride; cell++) {
      cells[i * stride + cell] = table.cells[group * stride + cell] as number;
    }
  }
  return { size, cells, keys, keyEnds, hashes };
}

function pickedKeys(table: Segment, order: Uint32Array): Pick<Segment, "keys" | "keyEnds"> {
  const keyEnds = new Uint32Array(order.length + 1);
  for (let i = 0; i < order.length; i++) {
    const group = order[i] as number;
    const length = (table.keyEnds[group + 1] as number) - (table.keyEnds[group] as number);
    keyEnds[i + 1] = (keyEnds[i] as number) + length;
  }
  const keys = new Uint8Array(keyEnds[order.length] as number);
  for (let i = 0, to = 0; i < order.length; i++) {
    const group = order[i] as number;
    const end = table.keyEnds[group + 1] as number;
    for (let at = table.keyEnds[group] as number; at < end; at++) {
      keys[to++] = table.keys[at] as number;
    }
  }
  return { keys, keyEnds };
}
