/** The MapReduce job behind `checkQuality`: threads load it from this file. */
import { closeSync, openSync, readSync } from "fs";
import { InputError } from "../../../basics";
import { defineJob } from "../../../batch";
import type { Job, MapRecord } from "../../../batch";
import { checkRecord } from "./rules";
import type { Fault, FindingKind } from "./rules";

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
    if (isWhole(record, tell)) checkRecord((column) => fieldOf(record, column), tell);
    if (isFaulty) count("faultyRecords");
  },
  reduce(_key, values: readonly FoundFault[]): FaultsOfKind {
    return { count: values.length, found: values.slice(0, keptFindings) };
  },
});

const keyOf = (kind: FindingKind, column: string): string => `${kind} ${column}`;

function isWhole(record: MapRecord, tell: (fault: Fault) => void): boolean {
  const columns = columnsOf(record.file);
  const [last] = [...columns].slice(-1);
  try {
    record.text(last);
    return true;
  } catch {
    const reason = `the line ends before the column ${last}`;
    tell({ kind: "short-line", column: last, value: record.line, reason });
    return false;
  }
}

function fieldOf(record: MapRecord, column: string): string | undefined {
  return columnsOf(record.file).has(column) ? record.text(column) : undefined;
}

let known = { file: "", columns: new Set<string>() };
const headerBytes = 65_536;

/**
 * Names in the header line; InputError without `aadhaar` among them. Records come file by file, so
 * the last file's are kept.
 */
export function columnsOf(file: string): ReadonlySet<string> {
  if (known.file === file) return known.columns;
  const descriptor = openSync(file, "r");
  try {
    const bytes = Buffer.alloc(headerBytes);
    const text = bytes.toString("utf8", 0, readSync(descriptor, bytes));
    const columns = new Set(text.split(/\r?\n/, 1)[0].split(","));
    if (!columns.has("aadhaar")) {
      throw new InputError(`${file}: its header line names no column "aadhaar"`);
    }
    known = { file, columns };
    return columns;
  } finally {
    closeSync(descriptor);
  }
}
