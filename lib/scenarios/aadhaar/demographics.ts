/**
 * Who is in the register: people by state, gender, mother tongue, postal area and age, each a
 * group-by on all cores over the file's bytes.
 *
 * Cost: one reading of the file a table, at some hundred megabytes a second and core.
 */
import { count, groupBy, mapReduce, slice } from "../../batch";
import type { KeyPart, MapReduceOptions } from "../../batch";
import { InputError } from "../../basics";
import { parseDate } from "./quality/rules";

export const demographicTables = ["state", "gender", "language", "pinArea", "age"] as const;
export type DemographicTable = (typeof demographicTables)[number];

export interface DemographicRow {
  /** The state, gender, mother tongue, first three digits of the postal code, or "20-29". */
  readonly group: string;
  readonly people: number;
  /** Of all records, 0 to 1. */
  readonly share: number;
}

export interface Demographics {
  readonly records: number;
  /** Most people first; ages youngest first, "unknown" last. */
  readonly tables: Readonly<Partial<Record<DemographicTable, readonly DemographicRow[]>>>;
  readonly elapsedMs: number;
}

export interface DemographicsOptions {
  /** Default: all five. */
  readonly tables?: readonly DemographicTable[];
  /** Ages are as on this day; default "2011-03-01", that of the census. */
  readonly ageOn?: string;
  /** Years of a band, 1 to 100; default 10. The last band is open: "80+". */
  readonly bandYears?: number;
  readonly workers?: number;
  readonly signal?: AbortSignal;
  /** Told between 0 and the number of tables. */
  readonly onProgress?: (done: number, total: number) => void;
}

const keys: Readonly<Record<DemographicTable, KeyPart>> = {
  state: "state",
  gender: "gender",
  language: "language",
  pinArea: slice("pin", 0, 3),
  age: "birth_date",
};

/** CSV files of `aadhaar` or `aadhaar-forms`. Empty fields and impossible ages are "unknown". */
export async function demographics(
  files: string | readonly string[],
  options: DemographicsOptions = {},
): Promise<Demographics> {
  const startMs = performance.now();
  const { tables = demographicTables, workers, signal, onProgress } = options;
  const inputs = typeof files === "string" ? [files] : files;
  const made: Partial<Record<DemographicTable, readonly DemographicRow[]>> = {};
  let records = 0;
  for (const [done, table] of tables.entries()) {
    onProgress?.(done, tables.length);
    const job = groupBy({ name: `people by ${table}`, key: keys[table], aggregates: count() });
    const run: MapReduceOptions = { ...(workers && { workers }), ...(signal && { signal }) };
    const { rows } = await mapReduce(job, inputs, run);
    const groups = new Map<string, number>();
    const nameOf = table === "age" ? ageBand(options) : (key: string): string => key || unknown;
    for (const { key, value } of rows) {
      const name = nameOf(key);
      groups.set(name, (groups.get(name) ?? 0) + value);
    }
    records = [...groups.values()].reduce((sum, people) => sum + people, 0);
    made[table] = sorted(table, groups, records);
  }
  onProgress?.(tables.length, tables.length);
  return { records, tables: made, elapsedMs: performance.now() - startMs };
}

const unknown = "unknown";
const openBandFrom = 80;
const oldest = 125;

/** The band of a birth date. */
function ageBand(options: DemographicsOptions): (date: string) => string {
  const { ageOn = "2011-03-01", bandYears = 10 } = options;
  const today = parseDate(ageOn);
  if (today === undefined) {
    throw new InputError(`ageOn must be a date such as 2011-03-01, not "${ageOn}"`);
  }
  if (!(Number.isInteger(bandYears) && bandYears >= 1 && bandYears <= 100)) {
    throw new RangeError(`bandYears must be from 1 to 100, but was ${bandYears}`);
  }
  return (text) => {
    const born = parseDate(text);
    // Dates such as 19840317 subtract to years x 10,000 and a rest that is not used.
    const age = born === undefined ? -1 : Math.floor((today - born) / 10_000);
    if (age < 0 || age > oldest) return unknown;
    if (age >= openBandFrom) return `${openBandFrom}+`;
    const first = Math.floor(age / bandYears) * bandYears;
    const last = Math.min(first + bandYears, openBandFrom) - 1;
    return first === last ? String(first) : `${first}-${last}`;
  };
}

function sorted(
  table: DemographicTable,
  groups: ReadonlyMap<string, number>,
  records: number,
): DemographicRow[] {
  const rows = [...groups].map(([group, people]) => ({ group, people, share: people / records }));
  const place = ({ group }: DemographicRow): number => (group === unknown ? 999 : parseInt(group));
  if (table === "age") return rows.sort((a, b) => place(a) - place(b));
  return rows.sort((a, b) => b.people - a.people || (a.group < b.group ? -1 : 1));
}
