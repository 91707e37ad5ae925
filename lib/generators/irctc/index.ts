/** Synthetic logs of one day of IRCTC, India's railway booking service. */
import { blockCount, makeBlock } from "./block";
import { irctcDate } from "./date";
import type { IrctcSpec } from "./block";
import type { IrctcColumns } from "./columns";
import { rowAt } from "./rows";
import type { IrctcRow } from "./rows";

export { blockCount, blockRows, makeBlock } from "./block";
export type { IrctcSpec } from "./block";
export { actions, devices, gateways, irctcHeader, quotas, travelClasses } from "./columns";
export type { IrctcColumns } from "./columns";
export { csvHeader, toCsv } from "./csv";
export { irctc } from "./data-set";
export { irctcDate } from "./date";
export type { IrctcRow } from "./rows";
export * from "./requests";
export { regions, stations } from "./stations";
export { trains } from "./trains";

/** The rows of the log one by one, in the order of time. */
export function* irctcRows(spec: IrctcSpec): Generator<IrctcRow> {
  for (const columns of irctcColumns(spec)) {
    for (let row = 0; row < columns.rows; row++) yield rowAt(columns, row, irctcDate);
  }
}

/** The log as typed columns, a block of at most `blockRows` rows at a time. */
export function* irctcColumns(spec: IrctcSpec): Generator<IrctcColumns> {
  for (let block = 0; block < blockCount(spec); block++) yield makeBlock(spec, block);
}
export { loadByMinute } from "./load";
