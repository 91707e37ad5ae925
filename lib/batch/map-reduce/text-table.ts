/**
 * Numbers texts in the order in which they are first seen. JavaScript's Map does that too, but has
 * to hash a text that was just cut out of a line in a slow way; this is about three times as fast.
 *
 * Source: D. Knuth, The Art of Computer Programming 3, section 6.4, open addressing with linear
 * probing. Ours packs a text of up to twelve characters below 256 into its slot, so that most
 * look-ups touch one line of the cache and compare no text. Another's slot holds its hash, and its
 * characters lie in one array with the others', since JavaScript is slow to compare two texts that
 * were cut out of lines.
 * Cost: 16 bytes a slot, at most half of them filled; 4 bytes a text, 2 more a character.
 */
const firstSlots = 4_096;
const fullShare = 0.5;
const packedLength = 12;
/** A slot: the three words of the text, or its hash, and `tag` and number plus one in another. */
const slotWords = 4;
/** The tag is the length of a packed text, in the upper four bits. */
const numberBits = 28;
const numberMask = 2 ** numberBits - 1;
const isHashed = 15;

export class TextTable {
  /** Text number i. */
  readonly texts: string[] = [];
  private slots = new Int32Array(firstSlots * slotWords);
  private mask = firstSlots - 1;
  /** The characters of hashed texts; those of text number i end where the next ones begin. */
  private units = new Uint16Array(firstSlots);
  private unitStarts = new Uint32Array(firstSlots);
  /** The text that is looked for, as it is in a slot. */
  private low = 0;
  private middle = 0;
  private high = 0;
  private tag = 0;
  /** All of its characters, or-ed: above 255, one is. */
  private seen = 0;

  /** The number of the text: `texts.length`, as it was before the call, when it is new. */
  numberOf(text: string): number {
    this.pack(text);
    const { slots, mask, low, middle, high, tag } = this;
    for (let slot = slotOf(low, middle, high) & mask; ; slot = (slot + 1) & mask) {
      const at = slot * slotWords;
      const last = slots[at + 3] as number;
      if (last === 0) return this.insert(text, at);
      if (slots[at] !== low || slots[at + 1] !== middle || slots[at + 2] !== high) continue;
      const number = (last & numberMask) - 1;
      if (last >>> numberBits === tag && (tag !== isHashed || this.hasUnits(number, text))) {
        return number;
      }
    }
  }

  /**
   * Three characters or fours of them, which overlap where the length asks for it: with the length
   * they tell texts apart, and no loop ends at a place that the processor guesses wrongly.
   */
  private pack(text: string): void {
    const { length } = text;
    if (length > packedLength || length === 0) return this.packHash(text);
    this.seen = 0;
    if (length < 4) {
      const [first, last] = [text.charCodeAt(0), text.charCodeAt(length - 1)];
      const middle = text.charCodeAt(length >> 1);
      this.seen = first | middle | last;
      this.low = first | (middle << 8) | (last << 16);
      this.middle = 0;
    } else {
      this.low = this.four(text, 0);
      this.middle = this.four(text, length - 4);
    }
    this.high = length > 8 ? this.four(text, 4) : 0;
    this.tag = length;
    if (this.seen > 255) this.packHash(text);
  }

  private four(text: string, at: number): number {
    const [first, second] = [text.charCodeAt(at), text.charCodeAt(at + 1)];
    const [third, fourth] = [text.charCodeAt(at + 2), text.charCodeAt(at + 3)];
    this.seen |= first | second | third | fourth;
    return first | (second << 8) | (third << 16) | (fourth << 24);
  }

  private packHash(text: string): void {
    this.low = hashText(text);
    this.middle = this.high = 0;
    this.tag = isHashed;
  }

  private insert(text: string, at: number): number {
    const { slots, tag } = this;
    const number = this.texts.push(text) - 1;
    slots[at] = this.low;
    slots[at + 1] = this.middle;
    slots[at + 2] = this.high;
    slots[at + 3] = (tag << numberBits) | (number + 1);
    this.keepUnits(number, tag === isHashed ? text : "");
    if (number + 1 > (this.mask + 1) * fullShare) this.grow();
    return number;
  }

  private hasUnits(number: number, text: string): boolean {
    const { units, unitStarts } = this;
    const start = unitStarts[number] as number;
    if ((unitStarts[number + 1] as number) - start !== text.length) return false;
    for (let i = 0; i < text.length; i++) {
      if (units[start + i] !== text.charCodeAt(i)) return false;
    }
    return true;
  }

  private keepUnits(number: number, text: string): void {
    if (number + 2 > this.unitStarts.length) this.unitStarts = grown(this.unitStarts, 0);
    const start = this.unitStarts[number] as number;
    const end = start + text.length;
    if (end > this.units.length) this.units = grown(this.units, text.length);
    for (let i = 0; i < text.length; i++) this.units[start + i] = text.charCodeAt(i);
    this.unitStarts[number + 1] = end;
  }

  private grow(): void {
    const old = this.slots;
    const slots = new Int32Array(old.length * 2);
    this.mask = this.mask * 2 + 1;
    for (let from = 0; from < old.length; from += slotWords) {
      if (old[from + 3] === 0) continue;
      const [low, middle, high] = [old[from], old[from + 1], old[from + 2]];
      let slot = slotOf(low as number, middle as number, high as number) & this.mask;
      while (slots[slot * slotWords + 3] !== 0) slot = (slot + 1) & this.mask;
      for (let i = 0; i < slotWords; i++) slots[slot * slotWords + i] = old[from + i] as number;
    }
    this.slots = slots;
  }
}

/** At least twice as long, with room for `more`, and with the same beginning. */
function grown<T extends Uint16Array | Uint32Array>(array: T, more: number): T {
  const next = new (array.constructor as new (length: number) => T)(array.length * 2 + more);
  next.set(array);
  return next;
}

/** The upper half of a product is mixed best, and the table goes by the lower bits. */
function slotOf(low: number, middle: number, high: number): number {
  const sum = Math.imul(low, 0x85ebca6b) ^ Math.imul(middle, 0x9e3779b1);
  const hash = Math.imul(sum ^ high ^ (sum >>> 15), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

/** A polynomial over UTF-16 code units, as Java's, mixed since partitions go by the lower bits. */
export function hashText(text: string): number {
  let hash = text.length;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return hash ^ (hash >>> 13);
}
