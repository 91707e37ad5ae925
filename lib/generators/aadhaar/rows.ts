import { formatDate } from "../calendar";
import { districts } from "../india/districts";
import { languages } from "../india/names";
import { states } from "../india/states";
import { localities } from "./address";
import { irisOf } from "./columns";
import type { AadhaarColumns } from "./columns";
import { formatAadhaar } from "./number";
import { genders } from "./population";

/** One person in the register. */
export interface AadhaarRow {
  /** Twelve digits, the first 0 or 1, the last a Verhoeff check digit. */
  readonly aadhaar: string;
  readonly name: string;
  /** M, F or T. */
  readonly gender: string;
  /** "1984-03-17"; with planted faults also dates that cannot be. */
  readonly birth_date: string;
  /** Mother tongue. */
  readonly language: string;
  readonly address: string;
  readonly district: string;
  readonly state: string;
  /** Postal code, six digits. */
  readonly pin: string;
  /** Day of enrolment, "2013-08-21". */
  readonly enrolled: string;
  /** Enrolment centre, such as "C517-012": the district's number and its own. */
  readonly centre: string;
  /** Operator, such as "C517-012-3". */
  readonly operator: string;
  /** Iris code: 2,048 bits as 512 hexadecimal digits. */
  readonly iris: string;
}

/** Row `row` of the columns as an object. */
export function aadhaarRowAt(columns: AadhaarColumns, row: number): AadhaarRow {
  const district = districts[columns.district[row]];
  const centre = formatCentre(columns.district[row], columns.centre[row]);
  return {
    aadhaar: formatAadhaar(columns.aadhaar[row]),
    name: columns.name[row],
    gender: genders[columns.gender[row]],
    birth_date: formatDate(columns.birthDate[row]),
    language: languages[columns.language[row]],
    address: `${columns.house[row]} ${localities[columns.locality[row]]}`,
    district: district.name,
    state: states[district.state].name,
    pin: String(columns.pin[row]),
    enrolled: formatDate(columns.enrolled[row]),
    centre,
    operator: `${centre}-${columns.operator[row]}`,
    iris: Buffer.from(irisOf(columns, row)).toString("hex"),
  };
}

function formatCentre(district: number, centre: number): string {
  return `C${String(district + 1).padStart(3, "0")}-${String(centre).padStart(3, "0")}`;
}
