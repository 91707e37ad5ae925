/** The MapReduce job behind `checkQuality`: threads load it from this file. */
import { closeSync, openSync, readSync } from "fs";
import { InputError } from "../../../basics";
import { defineJob } from "../../../batch";
import type { Job, MapRecord } from "../../../batch";
import { checkedColumns, checkRecord } from "./rules";
import type { Fault, Fields, FindingKind } from "./rules";

/** What is wrong at one place, as it travels: bytes into the file, the field, the reason. */
export type FoundFault = readonly [file: string, at: number, value: string, reason: string];

/** So many of a kind and column are kept, the first ones; all are counted. */
const keptFindings = 100_000;

export interface FaultsOfKind {
  readonly count: number;
  readonly found: readonly FoundFault[];
}

export const qualityJob: Job<FoundFault, FaultsOfKind> = defineJob({
  name: "aadhaar-quality",
  input: "csv",
  module: { file: __filename, exportName: "qualityJob" },
  map(record, emit, count) {
    let isFaulty = false;
    const tell = ({ kind, column, value, reason }: Fault): void => {
      isFaulty = true;
      emit(keyOf(kind, column), [record.file, record.at, value.slice(0, 60), reason]);
    };
    const columns = columnsOf(record.file);
    if (isWhole(record, columns, tell)) checkRecord(fieldsOf(record, columns), tell);
    if (isFaulty) count("faultyRecords");
  },
  reduce(_key, values: readonly FoundFault[]): FaultsOfKind {
    return { count: values.length, found: values.slice(0, keptFindings) };
  },
});

const keyOf = (kind: FindingKind, column: string): string => `${kind} ${column}`;

function isWhole(record: MapRecord, { last }: Columns, tell: (fault: Fault) => void): boolean {
  try {
    record.text(last);
    return true;
  } catch {
    const reason = `the line ends before the column ${last}`;
    tell({ kind: "short-line", column: last, value: record.line, reason });
    return false;
  }
}

/** The same object for every record. */
const fields: Fields = {};

function fieldsOf(record: MapRecord, { checked }: Columns): Fields {
  for (const column of checked) fields[column] = record.text(column);
  return fields;
}

interface Columns {
  readonly file: string;
  /** Those of the file that are looked at, and the last of all. */
  readonly checked: readonly (keyof Fields)[];
  readonly last: string;
}

let known: Columns = { file: "", checked: [], last: "" };
const headerBytes = 65_536;

/**
 * Names in the header line; InputError without `aadhaar` among them. Records come file by file, so
 * the last file's are kept.
 */
export function columnsOf(file: string): Columns {
  if (known.file === file) return known;
  const descriptor = openSync(file, "r");
  try {
    const bytes = Buffer.alloc(headerBytes);
    const text = bytes.toString("utf8", 0, readSync(descriptor, bytes));
    const names = text.split(/\r?\n/, 1)[0].split(",");
    if (!names.includes("aadhaar")) {
      throw new InputError(`${file}: its header line names no column "aadhaar"`);
    }
    for (const column of checkedColumns) fields[column] = undefined;
    const checked = checkedColumns.filter((column) => names.includes(column));
    return (known = { file, checked, last: names[names.length - 1] });
  } finally {
    closeSync(descriptor);
  }
}
