/**
 * The Verhoeff check digit, the last of an Aadhaar number: finds every wrong digit and every swap
 * of two neighbours, which a sum of digits cannot.
 *
 * Source: J. Verhoeff, "Error Detecting Decimal Codes", Mathematical Centre Tracts 29 (1969): a
 * product in the dihedral group D5, whose elements 0-4 are turns and 5-9 reflections of a
 * pentagon, with a digit permutation that depends on the place. Ours computes the published
 * tables from the group's rule.
 * Cost: two table reads a digit; 180 bytes.
 */
const product = Uint8Array.from({ length: 100 }, (_, cell) =>
  multiply(Math.floor(cell / 10), cell % 10),
);
const inverse = Uint8Array.from({ length: 10 }, (_, a) => product.indexOf(0, a * 10) % 10);
/** Powers 0 to 7 of the permutation (0 1 5 8 9 4 2 7)(3 6); the eighth is the identity. */
const permutation = powers([1, 5, 7, 6, 2, 8, 3, 0, 9, 4]);

/** The digit that makes a text of digits valid when put behind it. */
export function verhoeffDigit(digits: string): number {
  let state = 0;
  for (let place = 1; place <= digits.length; place++) {
    state = add(state, digits.charCodeAt(digits.length - place) - 48, place);
  }
  return inverse[state];
}

/** Whether a text of digits, the check digit last, is valid. */
export function isVerhoeffValid(digits: string): boolean {
  if (!/^\d+$/.test(digits)) return false;
  return verhoeffDigit(digits.slice(0, -1)) === digits.charCodeAt(digits.length - 1) - 48;
}

const units = [1, 10, 100];

/** Products of the digits of a number below 1,000, at three places or at the last two. */
const chunks = [
  [1, 2, 3],
  [4, 5, 6],
  [7, 8, 9],
  [10, 11],
].map((places) =>
  Uint8Array.from({ length: 1_000 }, (_, value) =>
    places.reduce((state, place, i) => add(state, ((value / units[i]) | 0) % 10, place), 0),
  ),
);

/** As `verhoeffDigit`, for the 11 digits of a number below 10^11, by three digits a step. */
export function verhoeffDigitOf11(value: number): number {
  const high = Math.floor(value / 1_000_000);
  const low = value - high * 1_000_000;
  const [thousands, highThousands] = [(low / 1_000) | 0, (high / 1_000) | 0];
  let state = chunks[0][low - thousands * 1_000];
  state = product[state * 10 + chunks[1][thousands]];
  state = product[state * 10 + chunks[2][high - highThousands * 1_000]];
  return inverse[product[state * 10 + chunks[3][highThousands]]];
}

/** `place`: of the digit, counted from the right, the check digit's being 0. */
function add(state: number, digit: number, place: number): number {
  return product[state * 10 + permutation[(place % 8) * 10 + digit]];
}

/** Turns add up; a reflection turns the other way what comes behind it. */
function multiply(a: number, b: number): number {
  const turn = a < 5 ? a + b : a - b;
  const isReflection = a < 5 !== b < 5;
  return (((turn % 5) + 5) % 5) + (isReflection ? 5 : 0);
}

function powers(base: readonly number[]): Uint8Array {
  const table = new Uint8Array(80);
  for (let digit = 0; digit < 10; digit++) {
    table[digit] = digit;
    for (let power = 1; power < 8; power++) {
      table[power * 10 + digit] = base[table[(power - 1) * 10 + digit]];
    }
  }
  return table;
}
