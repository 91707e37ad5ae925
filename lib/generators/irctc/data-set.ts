import { jsonLines } from "../data-set";
import type { DataSet } from "../data-set";
import { blockCount, blockRows, makeBlock } from "./block";
import { csvHeader, toCsv } from "./csv";
import { irctcDate } from "./date";
import { plantFaults } from "./faults";
import { rowAt } from "./rows";

const numbers = { status: "SMALLINT", response_ms: "INTEGER" };

export const irctc: DataSet = {
  name: "irctc",
  csvHeader: csvHeader(),
  columnTypes: ({ faults }) => (faults ? {} : { time: "TIMESTAMP", ...numbers }),
  blockCount,
  encode(spec, block, format) {
    const columns = makeBlock(spec, block);
    const bytes =
      format === "csv"
        ? toCsv(columns, irctcDate)
        : jsonLines(columns.rows, (row) => rowAt(columns, row, irctcDate));
    if (!spec.faults) return { rows: columns.rows, bytes, truth: "" };
    return { rows: columns.rows, ...plantFaults(bytes, spec, block * blockRows) };
  },
};
