/** Rows by a schema, and what is wrong with them. */
import { BadRowCounter } from "../schema/bad-rows";
import { readSplit, sentence } from "../schema/read-rows";
import { BadRowError, RowSink } from "../schema/row-sink";
import type { PlainRow } from "../schema/row-sink";
import type { Source } from "../steps";
import { FunctionError } from "./functions";
import type { Part } from "./part";

type TypedSource<Kind> = Source & { readonly kind: Kind };

const batchRows = 1_024;

export async function readTyped(
  { splits, schema, onBad }: TypedSource<"typed">,
  { partition, push }: Part,
): Promise<void> {
  let rows: PlainRow[] = [];
  let isWanted = true;
  const sink = new RowSink(new BadRowCounter(0), onBad, (row) => {
    rows.push(row);
    if (rows.length < batchRows || !isWanted) return;
    isWanted = push(rows);
    rows = [];
  });
  try {
    await readSplit(schema, splits[partition], sink, () => isWanted);
  } catch (error) {
    if (error instanceof BadRowError) throw new FunctionError(await sentence(error.found));
    throw error;
  }
  if (isWanted && rows.length > 0) push(rows);
}

export async function validatePart(
  { splits, schema, maxListed }: TypedSource<"validate">,
  { partition, push }: Part,
): Promise<void> {
  const counter = new BadRowCounter(maxListed);
  const sink = new RowSink(counter, "drop", () => undefined);
  await readSplit(schema, splits[partition], sink);
  push([counter.found()]);
}
