import type { DataSet } from "../data-set";
import { blockCount, blockRows, makeBlock } from "./block";
import { csvHeader, toCsv } from "./csv";
import { irctcDate } from "./date";
import { plantFaults } from "./faults";
import { rowAt } from "./rows";

export const irctc: DataSet = {
  name: "irctc",
  csvHeader: csvHeader(),
  blockCount,
  encode(spec, block, format) {
    const columns = makeBlock(spec, block);
    const bytes = format === "csv" ? toCsv(columns, irctcDate) : toJsonLines(columns);
    if (!spec.faults) return { rows: columns.rows, bytes, truth: "" };
    return { rows: columns.rows, ...plantFaults(bytes, spec, block * blockRows) };
  },
};

function toJsonLines(columns: ReturnType<typeof makeBlock>): Uint8Array {
  let text = "";
  for (let row = 0; row < columns.rows; row++) {
    text += JSON.stringify(rowAt(columns, row, irctcDate)) + "\n";
  }
  return Buffer.from(text);
}
