/**
 * The 29 states and 7 union territories of the general election of 2019, with what the generators
 * need of each: mother tongues, postal code range, turnout.
 */
export interface State {
  /** The two letters of vehicle plates, such as "MH". */
  readonly code: string;
  readonly name: string;
  /** First and last three digits of its postal (PIN) codes. */
  readonly pinCodes: readonly [number, number];
  /** Share of electors who voted in 2019, 0 to 1. */
  readonly turnout: number;
  /** Names of mother tongues and their weights (any sum). */
  readonly languages: Readonly<Record<string, number>>;
}

/**
 * Sources. Turnout: Election Commission of India, general election 2019, statistical report, by
 * state, rounded to a per cent. PIN ranges: India Post, Pincode directory. Mother tongues: Census
 * of India 2011, table C-16, rounded to a per cent; a small language counts to the nearest one
 * that has a list of names in names.ts (Dogri and Bhojpuri to Hindi, Tulu to Kannada).
 * Code | name | first and last PIN | turnout in per cent | languages.
 */
const table = `
JK | Jammu and Kashmir | 180 194 | 45 | kashmiri 53, hindi 42, punjabi 3, urdu 2
HP | Himachal Pradesh | 171 177 | 72 | hindi 90, punjabi 9, nepali 1
PB | Punjab | 140 160 | 66 | punjabi 90, hindi 10
CH | Chandigarh | 160 160 | 71 | hindi 76, punjabi 22, urdu 1, tamil 1
UK | Uttarakhand | 244 263 | 62 | hindi 90, urdu 4, punjabi 3, nepali 1, bengali 2
HR | Haryana | 121 136 | 70 | hindi 88, punjabi 10, urdu 2
DL | Delhi | 110 110 | 61 | hindi 86, punjabi 6, urdu 6, bengali 1, malayalam 1
RJ | Rajasthan | 301 345 | 66 | hindi 96, punjabi 2, urdu 2
UP | Uttar Pradesh | 201 285 | 59 | hindi 94, urdu 6
BR | Bihar | 800 855 | 57 | hindi 91, urdu 8, bengali 1
SK | Sikkim | 737 737 | 81 | nepali 88, hindi 8, bengali 4
AR | Arunachal Pradesh | 790 792 | 82 | naga 62, bengali 7, nepali 7, hindi 17, assamese 7
NL | Nagaland | 797 798 | 83 | naga 88, bengali 4, hindi 4, nepali 2, assamese 2
MN | Manipur | 795 795 | 83 | manipuri 62, naga 30, mizo 4, nepali 2, bengali 2
MZ | Mizoram | 796 796 | 63 | mizo 88, bengali 9, hindi 2, nepali 1
TR | Tripura | 799 799 | 82 | bengali 72, santali 26, hindi 2
ML | Meghalaya | 793 794 | 71 | khasi 80, bengali 8, nepali 2, hindi 3, assamese 7
AS | Assam | 781 788 | 82 | assamese 57, bengali 29, hindi 8, santali 4, nepali 2
WB | West Bengal | 700 743 | 82 | bengali 86, hindi 8, santali 3, urdu 2, nepali 1
JH | Jharkhand | 814 835 | 67 | hindi 70, bengali 10, santali 12, urdu 6, odia 2
OD | Odisha | 751 770 | 73 | odia 84, santali 8, hindi 3, telugu 2, urdu 2, bengali 1
CG | Chhattisgarh | 490 497 | 72 | hindi 94, odia 4, telugu 1, bengali 1
MP | Madhya Pradesh | 450 488 | 71 | hindi 95, marathi 2, urdu 2, gujarati 1
GJ | Gujarat | 360 396 | 65 | gujarati 87, hindi 9, marathi 2, urdu 2
DD | Daman and Diu | 362 396 | 72 | gujarati 52, hindi 40, marathi 5, odia 3
DN | Dadra and Nagar Haveli | 396 396 | 80 | gujarati 62, hindi 28, marathi 8, odia 2
MH | Maharashtra | 400 445 | 61 | marathi 72, hindi 14, urdu 8, gujarati 3, telugu 2, kannada 1
AP | Andhra Pradesh | 507 535 | 80 | telugu 90, urdu 7, tamil 1, kannada 1, hindi 1
TS | Telangana | 500 509 | 63 | telugu 78, urdu 13, hindi 5, marathi 2, kannada 2
KA | Karnataka | 560 591 | 69 | kannada 71, urdu 11, telugu 6, tamil 4, marathi 4, hindi 4
GA | Goa | 403 403 | 75 | konkani 68, marathi 11, hindi 11, kannada 6, urdu 4
LD | Lakshadweep | 682 682 | 85 | malayalam 99, tamil 1
KL | Kerala | 670 695 | 78 | malayalam 98, tamil 2
TN | Tamil Nadu | 600 643 | 72 | tamil 89, telugu 6, kannada 2, urdu 2, malayalam 1
PY | Puducherry | 605 605 | 81 | tamil 90, telugu 6, malayalam 4
AN | Andaman and Nicobar Islands | 744 744 | 65 | bengali 35, hindi 30, tamil 19, telugu 16
`;

export const states: readonly State[] = table.trim().split("\n").map(readState);

function readState(line: string): State {
  const [code = "", name = "", pins = "", turnout = "", languages = ""] = line.split(" | ");
  const [first = 0, last = 0] = pins.split(" ").map(Number);
  const entries = languages.split(", ").map((entry) => entry.split(" "));
  return {
    code,
    name,
    pinCodes: [first, last],
    turnout: Number(turnout) / 100,
    languages: Object.fromEntries(entries.map(([tongue, weight]) => [tongue, Number(weight)])),
  };
}
