import { Random } from "../../../basics";
import { jsonLines, truthLines } from "../../data-set";
import type { DataSet, Spec } from "../../data-set";
import { requestAt, requestHeader } from "./rows";
import type { BookingRequest, RequestTruth } from "./rows";

/** Rows of a block; the data do not depend on it. */
const blockRows = 8_192;

export function requestBlockCount({ rows }: Spec): number {
  return Math.ceil(rows / blockRows);
}

export function makeRequestBlock(
  spec: Spec,
  block: number,
): { rows: BookingRequest[]; truth: RequestTruth[] } {
  const first = block * blockRows;
  const random = new Random(spec.seed);
  const made = Array.from({ length: Math.min(blockRows, spec.rows - first) }, (_, i) =>
    requestAt(spec, first + i, random),
  );
  return { rows: made.map(({ row }) => row), truth: made.flatMap(({ truth }) => truth) };
}

export const irctcRequests: DataSet = {
  name: "irctc-requests",
  csvHeader: requestHeader.join(",") + "\n",
  columnTypes: () => ({
    request: "INTEGER",
    booked: "TIMESTAMP",
    date: "DATE",
    age: "INTEGER",
    passengers: "INTEGER",
  }),
  blockCount: requestBlockCount,
  encode(spec, block, format) {
    const { rows, truth } = makeRequestBlock(spec, block);
    const bytes =
      format === "csv"
        ? Buffer.from(rows.map(csvLine).join(""))
        : jsonLines(rows.length, (row) => rows[row] as BookingRequest);
    return { rows: rows.length, bytes, truth: truthLines(truth) };
  },
};

function csvLine(row: BookingRequest): string {
  return requestHeader.map((column) => row[column]).join(",") + "\n";
}
