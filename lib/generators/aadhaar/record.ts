/** One person's record, from the seed and the row number alone: any row can be made at any time. */
import { Random } from "../../basics";
import { dateOfDay } from "../calendar";
import { districts } from "../india/districts";
import {
  centresByDistrict,
  drawDistrict,
  drawPin,
  localities,
  maxHouse,
  operatorsPerCentre,
} from "./address";
import { irisOf } from "./columns";
import type { AadhaarColumns } from "./columns";
import { drawIris } from "./iris";
import { AadhaarNumbers } from "./number";
import { drawBirthDay, drawEnrolmentDay, drawGender, drawLanguage, drawName } from "./population";

export class Register {
  readonly numbers: AadhaarNumbers;
  /** Restarted for every person. */
  private readonly random = new Random(0);

  constructor(private readonly seed: number) {
    this.numbers = new AadhaarNumbers(seed);
  }

  /** The district in which person `row` was enrolled: the first draw of the record. */
  districtOf(row: number): number {
    this.random.restart(this.seed, row);
    return drawDistrict(this.random);
  }

  /** Writes the record of person `row` to place `at` of the columns. */
  fill(columns: AadhaarColumns, at: number, row: number): void {
    const { random } = this;
    random.restart(this.seed, row);
    const district = drawDistrict(random);
    const gender = drawGender(random);
    const language = drawLanguage(districts[district].state, random);
    columns.aadhaar[at] = this.numbers.of(row);
    columns.gender[at] = gender;
    columns.language[at] = language;
    columns.name[at] = drawName(language, gender, random);
    columns.birthDate[at] = dateOfDay(drawBirthDay(gender, random));
    columns.enrolled[at] = dateOfDay(drawEnrolmentDay(random));
    settle(columns, at, { district, random });
    drawIris(random, irisOf(columns, at));
  }
}

/** Gives the row an address, a centre and an operator in the district. */
export function settle(
  columns: AadhaarColumns,
  at: number,
  { district, random }: { district: number; random: Random },
): void {
  columns.district[at] = district;
  columns.house[at] = 1 + random.below(maxHouse);
  columns.locality[at] = random.below(localities.length);
  columns.pin[at] = drawPin(districts[district].state, random);
  columns.centre[at] = 1 + random.below(centresByDistrict[district]);
  columns.operator[at] = 1 + random.below(operatorsPerCentre);
}
