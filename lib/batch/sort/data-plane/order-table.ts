/**
 * The records of a chunk in the order of their keys, stable.
 *
 * Radix sort of the first 32 bits of the prefixes, least significant digits first (D. Knuth, The
 * Art of Computer Programming 3, section 5.2.5, algorithm R); records that share those are few as a
 * rule and are sorted by the rest of their keys, then by their places.
 * Cost: three passes over 8 bytes a record; n log n comparisons where all share their first bits.
 */
import type { KeyOrder } from "./key-order";
import type { RecordTable } from "./record-table";

const digitBits = 11;
const digits = 2 ** digitBits;
const mask = digits - 1;
/** A group of so few is sorted by insertion. */
const smallGroup = 12;

/** Indices of the table's records in order; in one of its scratch columns. */
export function orderTable(table: RecordTable, order: KeyOrder): Uint32Array {
  const { count, scratch, high } = table;
  let [words, indices, otherWords, otherIndices] = scratch;
  for (let i = 0; i < count; i++) {
    words[i] = high[i] as number;
    indices[i] = i;
  }
  const totals = countDigits(words, count);
  for (let pass = 0; pass < 3; pass++) {
    const places = totals.subarray(pass * digits, (pass + 1) * digits);
    const shift = pass * digitBits;
    if (count === 0 || places[((words[0] as number) >>> shift) & mask] === count) continue;
    scatter({ words, indices, count }, { words: otherWords, indices: otherIndices }, places, shift);
    [words, indices, otherWords, otherIndices] = [otherWords, otherIndices, words, indices];
  }
  sortTies({ words, indices }, table, order);
  return indices;
}

/** How often each digit occurs, for all three passes. */
function countDigits(words: Uint32Array, count: number): Uint32Array {
  const totals = new Uint32Array(3 * digits);
  for (let i = 0; i < count; i++) {
    const word = words[i] as number;
    totals[word & mask]++;
    totals[digits + ((word >>> digitBits) & mask)]++;
    totals[2 * digits + (word >>> (2 * digitBits))]++;
  }
  return totals;
}

interface Pairs {
  readonly words: Uint32Array;
  readonly indices: Uint32Array;
}

/** `places`: how often each digit occurs; becomes where the next of it goes. */
function scatter(
  { words, indices, count }: Pairs & { count: number },
  to: Pairs,
  places: Uint32Array,
  shift: number,
): void {
  let sum = 0;
  for (let digit = 0; digit < digits; digit++) {
    const total = places[digit] as number;
    places[digit] = sum;
    sum += total;
  }
  for (let i = 0; i < count; i++) {
    const word = words[i] as number;
    const place = places[(word >>> shift) & mask]++;
    to.words[place] = word;
    to.indices[place] = indices[i] as number;
  }
}

function sortTies({ words, indices }: Pairs, table: RecordTable, order: KeyOrder): void {
  const { starts, lengths, low, count } = table;
  const compare = (left: number, right: number): number => {
    const difference = (low[left] as number) - (low[right] as number);
    if (difference !== 0) return difference;
    const [start, other] = [starts[left] as number, starts[right] as number];
    return order.compare(start, lengths[left] as number, other, lengths[right] as number);
  };
  for (let from = 0, to = 1; from < count; from = to++) {
    while (to < count && words[to] === words[from]) to++;
    if (to - from > 1) sortGroup(indices.subarray(from, to), compare);
  }
}

/** Stable, since the indices of equal records come in their order. */
function sortGroup(group: Uint32Array, compare: (left: number, right: number) => number): void {
  if (group.length > smallGroup) {
    if (!isSorted(group, compare)) group.sort(compare);
    return;
  }
  for (let i = 1; i < group.length; i++) {
    const moved = group[i] as number;
    let at = i;
    for (; at > 0 && compare(group[at - 1] as number, moved) > 0; at--) {
      group[at] = group[at - 1] as number;
    }
    group[at] = moved;
  }
}

/** Many equal keys, or input that was in order before. */
function isSorted(group: Uint32Array, compare: (left: number, right: number) => number): boolean {
  for (let i = 1; i < group.length; i++) {
    if (compare(group[i - 1] as number, group[i] as number) > 0) return false;
  }
  return true;
}
