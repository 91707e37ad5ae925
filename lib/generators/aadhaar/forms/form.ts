/**
 * Enrolment forms as operators type them: the people of `aadhaar` without their irises, with a
 * telephone number. A form follows from the seed and its row alone.
 */
import { Random } from "../../../basics";
import type { AadhaarColumns } from "../columns";
import { aadhaarRowAt } from "../rows";

/** The column names of the CSV form, in order. */
export const formHeader = [
  ...["aadhaar", "name", "gender", "birth_date", "language", "address", "district", "state"],
  ...["pin", "phone", "enrolled", "centre", "operator"],
] as const;

export type FormColumn = (typeof formHeader)[number];

/** One form; every field is text as typed, "" where nothing was. */
export type AadhaarForm = Record<FormColumn, string>;

/** Streams of random numbers of forms lie behind those of pictures. */
const formStream = 4_000_000_000;

/** Draws for the form of `row`, as new. */
export function formRandom(seed: number, row: number): Random {
  return new Random(seed, formStream + row);
}

/** The form of place `at` of the columns, without faults. */
export function makeForm(columns: AadhaarColumns, at: number, random: Random): AadhaarForm {
  const person: Readonly<Record<string, string>> = { ...aadhaarRowAt(columns, at) };
  const typed = formHeader.map((column) => [column, person[column] ?? drawPhone(random)]);
  return Object.fromEntries(typed) as AadhaarForm;
}

/** Ten digits, the first a 5: mobile numbers in use start with 6 to 9, so nobody has this one. */
function drawPhone(random: Random): string {
  return `5${String(random.below(1e9)).padStart(9, "0")}`;
}
