/**
 * Decimal numbers in text as `sort -n` reads them: blanks, a minus sign, digits, a point, digits;
 * whatever follows is ignored, and no digit at all is 0. Of any length, compared exactly.
 */
const [space, tab, minus, point, zero, nine] = [32, 9, 45, 46, 48, 57];
const exactDigits = 15;
const tens = Array.from({ length: exactDigits + 1 }, (_, power) => 10 ** power);

/** The number nearest to the one in [from, to); numbers that are in order stay in order. */
export function readNumber(bytes: Uint8Array, from: number, to: number): number {
  let at = skipBlanks(bytes, from, to);
  const isNegative = at < to && bytes[at] === minus;
  if (isNegative) at++;
  const start = at;
  let [mantissa, digits, decimals, isFraction] = [0, 0, 0, false];
  for (; at < to; at++) {
    const byte = bytes[at] as number;
    if (byte === point && !isFraction) isFraction = true;
    else if (byte < zero || byte > nine) break;
    else {
      mantissa = mantissa * 10 + byte - zero;
      if (mantissa > 0) digits++;
      if (isFraction) decimals++;
    }
  }
  // Up to 15 digits both parts are exact, so the quotient is rounded once; else Number() is asked.
  const isExact = digits <= exactDigits && decimals <= exactDigits;
  const size = isExact ? mantissa / (tens[decimals] as number) : longNumber(bytes, start, at);
  return isNegative && size !== 0 ? -size : size;
}

function longNumber(bytes: Uint8Array, from: number, to: number): number {
  return Number(Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString("latin1"));
}

function skipBlanks(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && (bytes[at] === space || bytes[at] === tab)) at++;
  return at;
}

/**
 * The number in [from, to) as bytes whose order is that of the numbers, none of which is the
 * beginning of another: its sign, how many digits are before the point, the digits, an end.
 */
export function encodeNumber(bytes: Uint8Array, from: number, to: number): number[] {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString("latin1");
  const [, sign, whole = "", fraction = ""] = /^[ \t]*(-?)(\d*)(?:\.(\d*))?/.exec(text) ?? [];
  const digits = (whole + fraction).replace(/^0+/, "");
  if (digits === "") return [1];
  const leadingZeros = whole.length + fraction.length - digits.length;
  const places = whole.length - leadingZeros + 2 ** 31;
  const size = [places >>> 24, (places >>> 16) & 255, (places >>> 8) & 255, places & 255];
  const magnitude = [...size, ...Buffer.from(digits.replace(/0+$/, "")), 0];
  return sign === "-" ? [0, ...magnitude.map((byte) => 255 - byte)] : [2, ...magnitude];
}
