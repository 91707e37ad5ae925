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
 * Mother tongues. Source: Census of India 2011, table C-16, computed from its district rows (as in
 * the R package indiacensus), rounded to a per cent, those below 1 left out. AP and TS are the
 * districts of each today. A language without a list of names in names.ts counts to a neighbour's:
 * our choice, not the census's (Dogri, Maithili, Sindhi, Gondi and, but in the west, Bhili to
 * Hindi; Tulu to Kannada; Bodo and Karbi to Assamese; Garo to Khasi; Ho, Mundari, Oraon and Tripuri
 * to Santali; Kuki tongues to Mizo; Adi and Nissi to Naga; Bhotia to Nepali). "Others" are out.
 * Turnout. Approximation: general election of 2019, rounded to a per cent, written from memory.
 * JK HP DL UP BR SK AR NL MN TR AS WB MP GJ LD were checked against reports of the Election
 * Commission's figures, the other 21 were not.
 * PIN. Approximation: the first two digits agree with India Post's circles; the third is from
 * memory. Some ranges hold a neighbour's codes (BR those of JH, MH those of GA, UP those of UK);
 * a few codes outside are left out (Diu's 362).
 * Code | name | first and last PIN | turnout in per cent | languages.
 */
const table = `
JK | Jammu and Kashmir | 180 194 | 45 | kashmiri 54, hindi 41, nepali 2, punjabi 2
HP | Himachal Pradesh | 171 177 | 72 | hindi 88, punjabi 9, nepali 2, kashmiri 1
PB | Punjab | 140 160 | 66 | punjabi 90, hindi 10
CH | Chandigarh | 160 160 | 71 | hindi 74, punjabi 22, urdu 1, nepali 1, bengali 1, tamil 1
UK | Uttarakhand | 244 263 | 62 | hindi 90, urdu 4, punjabi 3, bengali 1, nepali 1
HR | Haryana | 121 136 | 70 | hindi 88, punjabi 9, urdu 1
DL | Delhi | 110 110 | 61 | hindi 86, punjabi 5, urdu 5, bengali 1, malayalam 1
RJ | Rajasthan | 301 345 | 66 | hindi 95, punjabi 3, urdu 1
UP | Uttar Pradesh | 201 285 | 59 | hindi 94, urdu 5
BR | Bihar | 800 855 | 57 | hindi 90, urdu 8, bengali 1, santali 1
SK | Sikkim | 737 737 | 81 | nepali 89, hindi 8, bengali 1
AR | Arunachal Pradesh | 790 792 | 82 | naga 63, nepali 13, hindi 8, bengali 8, assamese 6,
 odia 1, khasi 1
NL | Nagaland | 797 798 | 83 | naga 85, bengali 4, hindi 4, nepali 3, assamese 2, mizo 1, manipuri 1
MN | Manipur | 795 795 | 83 | manipuri 54, naga 24, mizo 17, nepali 2, hindi 1, bengali 1
MZ | Mizoram | 796 796 | 63 | mizo 84, bengali 10, santali 3, hindi 1, nepali 1
TR | Tripura | 799 799 | 82 | bengali 66, santali 28, hindi 2, mizo 1, odia 1, manipuri 1,
 khasi 1, naga 1
ML | Meghalaya | 793 794 | 71 | khasi 82, bengali 8, assamese 4, hindi 2, nepali 2, marathi 1
AS | Assam | 781 788 | 82 | assamese 58, bengali 29, hindi 7, nepali 2, santali 1, odia 1,
 khasi 1, manipuri 1
WB | West Bengal | 700 743 | 82 | bengali 86, hindi 7, santali 3, urdu 2, nepali 1
JH | Jharkhand | 814 835 | 67 | hindi 62, santali 20, bengali 10, urdu 6, odia 2
OD | Odisha | 751 770 | 73 | odia 86, santali 6, hindi 3, telugu 2, urdu 2, bengali 1
CG | Chhattisgarh | 490 497 | 72 | hindi 91, odia 4, santali 2, bengali 1, telugu 1, marathi 1
MP | Madhya Pradesh | 450 488 | 71 | hindi 96, marathi 2, urdu 1
GJ | Gujarat | 360 396 | 65 | gujarati 87, hindi 9, marathi 2, urdu 1
DD | Daman and Diu | 396 396 | 72 | gujarati 51, hindi 37, marathi 5, bengali 2, odia 2,
 nepali 1, assamese 1, malayalam 1
DN | Dadra and Nagar Haveli | 396 396 | 80 | gujarati 59, hindi 27, marathi 7, konkani 2,
 odia 1, bengali 1, malayalam 1
MH | Maharashtra | 400 445 | 61 | marathi 73, hindi 14, urdu 7, gujarati 2, telugu 1, kannada 1
AP | Andhra Pradesh | 515 535 | 80 | telugu 90, urdu 7, tamil 1, hindi 1, odia 1, kannada 1
TS | Telangana | 500 509 | 63 | telugu 77, urdu 12, hindi 8, marathi 2, kannada 1
KA | Karnataka | 560 591 | 69 | kannada 70, urdu 11, telugu 6, tamil 3, marathi 3, hindi 3,
 konkani 1, malayalam 1
GA | Goa | 403 403 | 75 | konkani 66, hindi 11, marathi 11, kannada 5, urdu 3, malayalam 1, telugu 1
LD | Lakshadweep | 682 682 | 85 | malayalam 98, tamil 1
KL | Kerala | 670 695 | 78 | malayalam 97, tamil 2, kannada 1
TN | Tamil Nadu | 600 643 | 72 | tamil 88, telugu 6, kannada 2, urdu 2, malayalam 1, hindi 1
PY | Puducherry | 605 605 | 81 | tamil 88, telugu 6, malayalam 4, urdu 1, hindi 1
AN | Andaman and Nicobar Islands | 744 744 | 65 | bengali 31, hindi 21, tamil 17, telugu 14,
 malayalam 8, santali 7
`;

export const states: readonly State[] = table
  .trim()
  .split(/\n(?=[A-Z]{2} )/)
  .map(readState);

function readState(block: string): State {
  const [code = "", name = "", pins = "", turnout = "", languages = ""] = block.split(" | ");
  const [first = 0, last = 0] = pins.split(" ").map(Number);
  const entries = languages.split(/,\s+/).map((entry) => entry.split(" "));
  return {
    code,
    name,
    pinCodes: [first, last],
    turnout: Number(turnout) / 100,
    languages: Object.fromEntries(entries.map(([tongue, weight]) => [tongue, Number(weight)])),
  };
}
