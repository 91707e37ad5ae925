/** Who lives in India: gender, age, mother tongue, name, as tables to draw from. */
import type { Random } from "../../basics";
import { AliasTable, zipfWeights } from "../alias-table";
import { dayOf } from "../calendar";
import { languages, nameLists } from "../india/names";
import { states } from "../india/states";

export const genders = ["M", "F", "T"] as const;

/**
 * Persons by five-year age group, in thousands; the last is 80 and more.
 * Source: Census of India 2011, table C-14, "age not stated" left out; copied from memory and not
 * checked against the table since.
 */
const maleThousands = [
  58_632, 66_300, 69_419, 63_982, 57_585, 51_344, 44_661, 42_919, 37_545, 32_138, 25_843, 19_456,
  18_702, 12_944, 9_651, 4_491, 5_284,
];
const femaleThousands = [
  54_175, 60_628, 63_290, 56_544, 53_840, 50_070, 43_934, 42_221, 34_893, 30_180, 23_226, 19_690,
  18_962, 13_511, 9_557, 4_742, 6_005,
];
/** Census 2011, Primary Census Abstract for "other"; counted among men in table C-14. */
const otherThousands = 488;

/** Weights of `genders` and of the age groups of men and women: the specification in tests. */
export const genderWeights = [623_270 - otherThousands, 587_585, otherThousands];
export const ageWeights = { male: maleThousands, female: femaleThousands };

const genderTable = new AliasTable(genderWeights);
const maleAges = new AliasTable(maleThousands);
const femaleAges = new AliasTable(femaleThousands);
const censusDay = dayOf(2011, 3, 1);
const daysPerYear = 365.25;
const oldest = 16;
const meanYearsBeyond80 = 5;

export function drawGender(random: Random): number {
  return genderTable.draw(random);
}

/** A birthday, in days since 1970; ages are as on 1 March 2011, at most 110 years. */
export function drawBirthDay(gender: number, random: Random): number {
  const group = (gender === 1 ? femaleAges : maleAges).draw(random);
  const years =
    group === oldest
      ? 80 + Math.min(30, random.exponential(meanYearsBeyond80))
      : group * 5 + random.next() * 5;
  return censusDay - Math.floor(years * daysPerYear);
}

/**
 * Enrolments by year from 2011, in per cent. Approximation, fitted to numbers in use at the end of
 * a year (millions, from press reports: 260 in January 2013, 510 in December 2013, 1,022 in June
 * 2016; and from memory: 720 in 2014, 930 in 2015, 1,110 in 2016, 1,260 in 2020). Those issued
 * before 2011 count to 2011.
 */
export const firstEnrolmentYear = 2011;
export const enrolmentWeights = [8, 12, 23, 15, 17, 13, 6, 3, 2, 1];
const enrolmentTable = new AliasTable(enrolmentWeights);

/** The first day of each of these years, and the day after the last. */
const enrolmentDays = [...enrolmentWeights, 0].map((_, index) =>
  Math.max(dayOf(firstEnrolmentYear + index, 1, 1), censusDay + 1),
);

/** The day of an enrolment, after the census day, so that everybody is born by then. */
export function drawEnrolmentDay(random: Random): number {
  const year = enrolmentTable.draw(random);
  const first = enrolmentDays[year];
  return first + random.below(enrolmentDays[year + 1] - first);
}

const languageTables = states.map(
  (state) => new AliasTable(languages.map((language) => state.languages[language] ?? 0)),
);

/** A mother tongue, as an index into `languages`, by the state's shares. */
export function drawLanguage(state: number, random: Random): number {
  return languageTables[state].draw(random);
}

/** How fast names get rarer: the exponent of Zipf's law over a list's order; an assumption. */
export const nameExponent = 0.7;

const nameTables = nameLists.map((list) => ({
  male: new AliasTable(zipfWeights(list.male.length, nameExponent)),
  female: new AliasTable(zipfWeights(list.female.length, nameExponent)),
  family: new AliasTable(zipfWeights(list.family.length, nameExponent)),
}));

/** A given and a family name of the language, such as "Sunita Yadav". */
export function drawName(language: number, gender: number, random: Random): string {
  const isFemale = gender === 1 || (gender === 2 && random.chance(0.5));
  const list = nameLists[language];
  const tables = nameTables[language];
  const given = isFemale
    ? list.female[tables.female.draw(random)]
    : list.male[tables.male.draw(random)];
  return `${given} ${list.family[tables.family.draw(random)]}`;
}
