/** What can be wrong with a record of the register, field by field and field against field. */
import { districts, genders, isVerhoeffValid, languages, states } from "../../../generators";

/** The ways of being wrong, as the report names them. */
export type FindingKind =
  | "missing-field"
  | "bad-number"
  | "bad-check-digit"
  | "bad-code"
  | "impossible-date"
  | "bad-pin"
  | "wrong-pin"
  | "bad-phone"
  | "wrong-state"
  | "short-line";

export interface Fault {
  readonly kind: FindingKind;
  readonly column: string;
  /** The field as it stands; "" where it is missing. */
  readonly value: string;
  readonly reason: string;
}

/** Reads a field; undefined where the file has no such column. */
export type ReadField = (column: string) => string | undefined;

export type Tell = (fault: Fault) => void;

/** Columns in which nothing may be missing, where the file has them. */
const needed: readonly string[] = [
  ...["aadhaar", "name", "gender", "birth_date", "language", "address", "district", "state"],
  ...["pin", "phone", "enrolled", "centre", "operator", "iris"],
];
const earliestBirth = 19_000_101;
const latestDate = 20_991_231;

/** Tells everything that is wrong with one record. */
export function checkRecord(read: ReadField, tell: Tell): void {
  for (const column of needed) {
    if (read(column) !== "") continue;
    tell({ kind: "missing-field", column, value: "", reason: "nothing was entered" });
  }
  checkNumber(read, tell);
  checkCode(read, tell, { column: "gender", known: knownGenders });
  checkCode(read, tell, { column: "language", known: knownLanguages });
  checkDates(read, tell);
  checkPlace(read, tell);
  checkPhone(read, tell);
}

function checkNumber(read: ReadField, tell: Tell): void {
  const value = read("aadhaar");
  if (!value) return;
  const fault = { column: "aadhaar", value };
  if (!/^\d{12}$/.test(value)) {
    tell({ kind: "bad-number", ...fault, reason: "is not twelve digits" });
  } else if (!isVerhoeffValid(value)) {
    tell({ kind: "bad-check-digit", ...fault, reason: "the Verhoeff check digit does not fit" });
  }
}

const knownGenders: ReadonlySet<string> = new Set(genders);
const knownLanguages: ReadonlySet<string> = new Set(languages);

function checkCode(
  read: ReadField,
  tell: Tell,
  { column, known }: { column: string; known: ReadonlySet<string> },
): void {
  const value = read(column);
  if (!value || known.has(value)) return;
  tell({ kind: "bad-code", column, value, reason: `no ${column} is called so` });
}

function checkDates(read: ReadField, tell: Tell): void {
  const enrolled = checkDate(read, tell, "enrolled");
  const born = checkDate(read, tell, "birth_date");
  if (born === undefined) return;
  const fault = { kind: "impossible-date", column: "birth_date", value: asDate(born) } as const;
  if (born < earliestBirth) tell({ ...fault, reason: "is before 1900" });
  else if (enrolled !== undefined && born > enrolled) {
    tell({ ...fault, reason: `is after the enrolment, ${asDate(enrolled)}` });
  }
}

/** The date as a number such as 19840317; undefined where there is none that can be. */
function checkDate(read: ReadField, tell: Tell, column: string): number | undefined {
  const value = read(column);
  if (!value) return undefined;
  const date = parseDate(value);
  if (date !== undefined) return date;
  tell({ kind: "impossible-date", column, value, reason: "is no day of the calendar" });
  return undefined;
}

/** Days of the months; February's 29th is looked at apart. */
const monthDays = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

export function parseDate(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return undefined;
  const [year, month, day] = [text.slice(0, 4), text.slice(5, 7), text.slice(8)].map(Number);
  const isMonth = month >= 1 && month <= 12;
  if (!isMonth || day < 1 || day > monthDays[month - 1]) return undefined;
  if (month === 2 && day === 29 && !isLeap(year)) return undefined;
  const date = year * 10_000 + month * 100 + day;
  return date <= latestDate ? date : undefined;
}

const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

function asDate(date: number): string {
  const text = String(date).padStart(8, "0");
  return `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`;
}

const stateByName = new Map(states.map((state, index) => [state.name, index]));
/** Several districts share a name: by it, all of their states. */
const statesByDistrict = new Map<string, Set<number>>();
for (const { name, state } of districts) {
  statesByDistrict.set(name, (statesByDistrict.get(name) ?? new Set()).add(state));
}

/** State, district and postal code must agree; whichever two do outvote the third. */
function checkPlace(read: ReadField, tell: Tell): void {
  const stateName = read("state");
  const district = read("district");
  const state = stateByName.get(stateName ?? "");
  const homes = statesByDistrict.get(district ?? "");
  if (stateName && state === undefined) {
    const fault = { column: "state", value: stateName, reason: "no state is called so" };
    return tell({ kind: "wrong-state", ...fault });
  }
  if (district && homes === undefined) {
    const fault = { column: "district", value: district, reason: "no district is called so" };
    tell({ kind: "bad-code", ...fault });
  }
  const isElsewhere = state !== undefined && homes !== undefined && !homes.has(state);
  if (stateName && isElsewhere) {
    const where = [...homes].map((home) => states[home].name).join(" or ");
    const reason = `${district} lies in ${where}`;
    tell({ kind: "wrong-state", column: "state", value: stateName, reason });
  }
  checkPin(
    read,
    tell,
    isElsewhere ? [...homes] : state === undefined ? [...(homes ?? [])] : [state],
  );
}

function checkPin(read: ReadField, tell: Tell, homes: readonly number[]): void {
  const value = read("pin");
  if (!value) return;
  if (!/^[1-9]\d{5}$/.test(value)) {
    return tell({ kind: "bad-pin", column: "pin", value, reason: "is not six digits" });
  }
  const area = Number(value.slice(0, 3));
  const fits = (home: number): boolean => {
    const [first, last] = states[home].pinCodes;
    return first <= area && area <= last;
  };
  if (homes.length === 0 || homes.some(fits)) return;
  const [first, last] = states[homes[0]].pinCodes;
  const reason = `codes of ${states[homes[0]].name} start with ${first} to ${last}`;
  tell({ kind: "wrong-pin", column: "pin", value, reason });
}

/** Mobile numbers start with 6 to 9; those made up here with 5. */
function checkPhone(read: ReadField, tell: Tell): void {
  const value = read("phone");
  if (!value || /^[5-9]\d{9}$/.test(value)) return;
  tell({ kind: "bad-phone", column: "phone", value, reason: "is not ten digits from 5 upwards" });
}
