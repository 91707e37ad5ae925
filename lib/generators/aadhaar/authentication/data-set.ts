import { jsonLines, truthLines } from "../../data-set";
import type { DataSet } from "../../data-set";
import {
  authenticationBlockCount,
  authenticationBlockRows,
  makeAuthenticationBlock,
} from "./block";
import { authenticationHeader } from "./columns";
import { authenticationToCsv } from "./csv";
import { authenticationRowAt } from "./rows";

export const aadhaarAuthentication: DataSet = {
  name: "aadhaar-auth",
  csvHeader: authenticationHeader.join(",") + "\n",
  columnTypes: () => ({
    time: "TIMESTAMP",
    fingerprint_score: "SMALLINT",
    iris_distance: "DECIMAL(4, 3)",
    error: "SMALLINT",
    latency_ms: "INTEGER",
  }),
  blockCount: authenticationBlockCount,
  encode(spec, block, format) {
    const { columns, truth } = makeAuthenticationBlock(spec, block);
    const first = block * authenticationBlockRows;
    const bytes =
      format === "csv"
        ? authenticationToCsv(columns, first)
        : jsonLines(columns.rows, (row) => authenticationRowAt(columns, row, first));
    return { rows: columns.rows, bytes, truth: truthLines(truth) };
  },
};
