/** Collects the bytes of a head, in however many pieces they come, up to a limit. */
const blankLine = Buffer.from("\r\n\r\n");
const carriageReturn = 13;

/** What became of a piece: where the head ends in it, or why it has not ended. */
export const wantsMore = -1;
export const isTooLong = -2;
export const isBroken = -3;

export class HeadBytes {
  /** The head that has ended: its lines, without the empty one. */
  text = "";
  private held: Buffer | undefined;
  private length = 0;

  constructor(private readonly limit: number) {}

  /** Whether some of a head has come. */
  get hasBegun(): boolean {
    return this.length > 0;
  }

  /** Where the bytes go on after the head, or wantsMore, isTooLong, isBroken. */
  take(bytes: Buffer, at: number): number {
    if (this.length > 0) return this.takeMore(bytes, at);
    const start = afterEmptyLines(bytes, at);
    const end = bytes.indexOf(blankLine, start);
    if (end < 0) return this.hold(bytes, start);
    if (end + 4 - start > this.limit) return isTooLong;
    this.text = bytes.toString("latin1", start, end + 2);
    return end + 4;
  }

  private takeMore(bytes: Buffer, at: number): number {
    const before = this.length;
    // The first half of an empty line before the request line came alone.
    if (before === 1 && this.held?.[0] === carriageReturn && bytes[at] === 10) {
      this.length = 0;
      return this.take(bytes, at + 1);
    }
    const room = at + this.limit - before;
    const state = this.hold(room < bytes.length ? bytes.subarray(0, room) : bytes, at);
    const held = (this.held as Buffer).subarray(0, this.length);
    const end = held.indexOf(blankLine, Math.max(0, before - 3));
    if (end < 0) return this.length === this.limit ? isTooLong : state;
    this.text = held.toString("latin1", 0, end + 2);
    this.length = 0;
    this.held = undefined;
    return at + end + 4 - before;
  }

  private hold(bytes: Buffer, at: number): number {
    const needed = this.length + bytes.length - at;
    if (needed > this.limit) return isTooLong;
    if (needed === this.length) return wantsMore;
    const old = this.held;
    if (old === undefined || old.length < needed) {
      this.held = Buffer.allocUnsafe(Math.min(this.limit, Math.max(512, needed * 2)));
      old?.copy(this.held, 0, 0, this.length);
    }
    const held = this.held as Buffer;
    bytes.copy(held, this.length, at);
    const from = this.length;
    this.length = needed;
    return hasBareLineFeed(held.subarray(0, needed), from) ? isBroken : wantsMore;
  }
}

/** RFC 9112, section 2.2: empty lines before a request are passed over. */
function afterEmptyLines(bytes: Buffer, at: number): number {
  while (bytes[at] === carriageReturn && bytes[at + 1] === 10) at += 2;
  return at;
}

/** Who ends lines so would wait for ever: its empty line is none here. */
function hasBareLineFeed(bytes: Buffer, from: number): boolean {
  for (let at = bytes.indexOf(10, from); at >= 0; at = bytes.indexOf(10, at + 1)) {
    if (at === 0 || bytes[at - 1] !== carriageReturn) return true;
  }
  return false;
}
