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

/** Columns that are looked at, where the file has them. */
export const checkedColumns = [
  ...["aadhaar", "name", "gender", "birth_date", "language", "address", "district", "state"],
  ...["pin", "phone", "enrolled", "centre", "operator", "iris"],
] as const;

/** Fields as they stand; undefined where the file has no such column. */
export type Fields = Partial<Record<(typeof checkedColumns)[number], string>>;

export type Tell = (fault: Fault) => void;

const earliestBirth = 19_000_101;
const latestDate = 20_991_231;

/** Tells everything that is wrong with one record. */
export function checkRecord(fields: Fields, tell: Tell): void {
  for (const column of checkedColumns) {
    if (fields[column] !== "") continue;
    tell({ kind: "missing-field", column, value: "", reason: "nothing was entered" });
  }
  checkNumber(fields, tell);
  checkCode(fields, tell, { column: "gender", known: knownGenders });
  checkCode(fields, tell, { column: "language", known: knownLanguages });
  checkDates(fields, tell);
  checkPlace(fields, tell);
  checkPhone(fields, tell);
}

function checkNumber(fields: Fields, tell: Tell): void {
  const value = fields.aadhaar;
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
  fields: Fields,
  tell: Tell,
  { column, known }: { column: "gender" | "language"; known: ReadonlySet<string> },
): void {
  const value = fields[column];
  if (!value || known.has(value)) return;
  tell({ kind: "bad-code", column, value, reason: `no ${column} is called so` });
}

function checkDates(fields: Fields, tell: Tell): void {
  const enrolled = checkDate(fields, tell, "enrolled");
  const born = checkDate(fields, tell, "birth_date");
  if (born === undefined) return;
  if (born >= earliestBirth && (enrolled === undefined || born <= enrolled)) return;
  const reason =
    born < earliestBirth
      ? "is before 1900"
      : `is after the enrolment, ${fields.enrolled ?? "on no day"}`;
  tell({ kind: "impossible-date", column: "birth_date", value: fields.birth_date ?? "", reason });
}

/** The date as a number such as 19840317; undefined where there is none that can be. */
function checkDate(
  fields: Fields,
  tell: Tell,
  column: "enrolled" | "birth_date",
): number | undefined {
  const value = fields[column];
  if (!value) return undefined;
  const date = parseDate(value);
  if (date !== undefined) return date;
  tell({ kind: "impossible-date", column, value, reason: "is no day of the calendar" });
  return undefined;
}

/** Days of the months; February's 29th is looked at apart. */
const monthDays = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** "1984-03-17" as 19840317; undefined for what is no day of the calendar before 2100. */
export function parseDate(text: string): number | undefined {
  if (text.length !== 10 || text[4] !== "-" || text[7] !== "-") return undefined;
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 7);
  const day = digits(text, 8, 10);
  if (year < 0 || month < 1 || month > 12 || day < 1) return undefined;
  if (day > monthDays[month - 1] || (month === 2 && day === 29 && !isLeap(year))) return undefined;
  const date = year * 10_000 + month * 100 + day;
  return date <= latestDate ? date : undefined;
}

/** The number from one place to before another; far below 0 where there are other signs. */
function digits(text: string, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at++) {
    const digit = text.charCodeAt(at) - 48;
    value = value * 10 + (digit >= 0 && digit <= 9 ? digit : -1e9);
  }
  return value;
}

const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

const stateByName = new Map(states.map((state, index) => [state.name, index]));
/** Several districts share a name: by it, all of their states. */
const statesByDistrict = new Map<string, Set<number>>();
for (const { name, state } of districts) {
  statesByDistrict.set(name, (statesByDistrict.get(name) ?? new Set()).add(state));
}

/** State, district and postal code must agree; whichever two do outvote the third. */
function checkPlace(fields: Fields, tell: Tell): void {
  const stateName = fields.state;
  const district = fields.district;
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
    fields,
    tell,
    isElsewhere ? [...homes] : state === undefined ? [...(homes ?? [])] : [state],
  );
}

function checkPin(fields: Fields, tell: Tell, homes: readonly number[]): void {
  const value = fields.pin;
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
function checkPhone(fields: Fields, tell: Tell): void {
  const value = fields.phone;
  if (!value || /^[5-9]\d{9}$/.test(value)) return;
  tell({ kind: "bad-phone", column: "phone", value, reason: "is not ten digits from 5 upwards" });
}
