import { Random } from "../../basics";
import { jsonLines, truthLines } from "../data-set";
import type { DataSet, Spec } from "../data-set";
import { flipkartHeader, flipkartRowAt } from "./rows";
import type { FlipkartRow, FlipkartTruth } from "./rows";

/** Rows of a block; the data do not depend on it. */
const blockRows = 4_096;

export function flipkartBlockCount({ rows }: Spec): number {
  return Math.ceil(rows / blockRows);
}

export function makeFlipkartBlock(
  spec: Spec,
  block: number,
): { rows: FlipkartRow[]; truth: FlipkartTruth[] } {
  const first = block * blockRows;
  const random = new Random(spec.seed);
  const truth: FlipkartTruth[] = [];
  const length = Math.min(blockRows, spec.rows - first);
  const rows = Array.from({ length }, (_, i) => {
    const made = flipkartRowAt(spec, first + i, random);
    truth.push(...made.truth);
    return made.row;
  });
  return { rows, truth };
}

export const flipkart: DataSet = {
  name: "flipkart",
  csvHeader: flipkartHeader.join(",") + "\n",
  columnTypes: () => ({
    product: "INTEGER",
    price: "INTEGER",
    rating: "DOUBLE",
    ratings: "INTEGER",
    sold: "INTEGER",
  }),
  blockCount: flipkartBlockCount,
  encode(spec, block, format) {
    const { rows, truth } = makeFlipkartBlock(spec, block);
    const bytes =
      format === "csv"
        ? Buffer.from(rows.map(csvLine).join(""))
        : jsonLines(rows.length, (row) => rows[row] as FlipkartRow);
    return { rows: rows.length, bytes, truth: truthLines(truth) };
  },
};

function csvLine(row: FlipkartRow): string {
  return flipkartHeader.map((column) => row[column]).join(",") + "\n";
}
