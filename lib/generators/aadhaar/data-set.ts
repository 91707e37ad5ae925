import { jsonLines, truthLines } from "../data-set";
import type { DataSet } from "../data-set";
import { aadhaarBlockCount, makeAadhaarBlock } from "./block";
import { aadhaarHeader } from "./columns";
import { aadhaarToCsv } from "./csv";
import { aadhaarRowAt } from "./rows";

export const aadhaar: DataSet = {
  name: "aadhaar",
  csvHeader: aadhaarHeader.join(",") + "\n",
  columnTypes: ({ faults }) => ({
    birth_date: faults ? "VARCHAR" : "DATE",
    enrolled: "DATE",
  }),
  blockCount: aadhaarBlockCount,
  encode(spec, block, format) {
    const { columns, truth } = makeAadhaarBlock(spec, block);
    const bytes =
      format === "csv"
        ? aadhaarToCsv(columns)
        : jsonLines(columns.rows, (row) => aadhaarRowAt(columns, row));
    return {
      rows: columns.rows,
      bytes,
      truth: truthLines(truth),
    };
  },
};
