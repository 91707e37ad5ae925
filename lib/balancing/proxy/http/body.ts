/**
 * Where a body ends, whatever pieces its bytes come in. Chunks are taken apart, and whoever sends
 * them on makes new ones: extensions, trailers and unusual spellings stay behind.
 *
 * Source: RFC 9112, section 7.1.
 * Guarantees: a piece's data lie in one place (they are moved together where chunks are small), so
 * that a piece that comes leads to one that goes.
 */
import type { Framing } from "./fields";

export abstract class Body {
  /** Of the last piece: where its data lie. */
  dataStart = 0;
  dataEnd = 0;
  isDone = false;
  isBroken = false;
  /** Whether nothing but the end of the connection ends it. */
  readonly endsWithConnection: boolean = false;

  /** Takes what belongs to the body from `at` on; returns where it ends in this piece. */
  abstract take(bytes: Buffer, at: number): number;
}

export function bodyOf(framing: Framing): Body {
  if (framing.kind === "chunked") return new ChunkedBody();
  if (framing.kind === "none") return new LengthBody(0);
  return new LengthBody(framing.kind === "length" ? framing.bytes : Infinity);
}

class LengthBody extends Body {
  override readonly endsWithConnection: boolean;

  constructor(private rest: number) {
    super();
    this.endsWithConnection = rest === Infinity;
    this.isDone = rest === 0;
  }

  take(bytes: Buffer, at: number): number {
    const end = Math.min(bytes.length, at + this.rest);
    this.rest -= end - at;
    this.dataStart = at;
    this.dataEnd = end;
    this.isDone = this.rest === 0;
    return end;
  }
}

const [carriageReturn, lineFeed, semicolon, space, tab] = [13, 10, 59, 32, 9];
const longestSizeLine = 256;
const longestTrailer = 8_192;

type Place = "size" | "extension" | "line feed" | "data" | "after data" | "trailer";

class ChunkedBody extends Body {
  private place: Place = "size";
  private size = 0;
  private digits = 0;
  /** Bytes of the line that is being read; of the trailers, all of them. */
  private lineLength = 0;
  /** Bytes of the trailer's line; after "\r" alone the body has ended. */
  private last = 0;

  take(bytes: Buffer, at: number): number {
    this.dataStart = this.dataEnd = at;
    while (at < bytes.length && !this.isDone && !this.isBroken) {
      if (this.place === "data") at = this.takeData(bytes, at);
      else this.takeByte(bytes[at++]);
    }
    return at;
  }

  private takeData(bytes: Buffer, at: number): number {
    const end = Math.min(bytes.length, at + this.size);
    if (this.dataStart === this.dataEnd) this.dataStart = this.dataEnd = at;
    else if (this.dataEnd < at) bytes.copyWithin(this.dataEnd, at, end);
    this.dataEnd += end - at;
    this.size -= end - at;
    if (this.size === 0) this.enter("after data");
    return end;
  }

  private enter(place: Place): void {
    this.place = place;
    this.lineLength = 0;
    this.last = 0;
  }

  private takeByte(byte: number): void {
    this.lineLength++;
    if (this.place === "size") this.takeDigit(byte);
    else if (this.place === "extension") this.takeExtension(byte);
    else if (this.place === "line feed") this.endSize(byte);
    else if (this.place === "after data") this.endChunk(byte);
    else this.takeTrailer(byte);
  }

  private takeDigit(byte: number): void {
    const digit = hexadecimal(byte);
    if (digit >= 0) {
      this.size = this.size * 16 + digit;
      this.isBroken = ++this.digits > 12;
    } else if (this.digits === 0) this.isBroken = true;
    else if (byte === carriageReturn) this.place = "line feed";
    else if (byte === semicolon || byte === space || byte === tab) this.place = "extension";
    else this.isBroken = true;
  }

  private takeExtension(byte: number): void {
    if (byte === carriageReturn) this.place = "line feed";
    else if (byte < space && byte !== tab) this.isBroken = true;
    else this.isBroken = this.lineLength > longestSizeLine;
  }

  private endSize(byte: number): void {
    this.isBroken = byte !== lineFeed;
    this.digits = 0;
    this.enter(this.size === 0 ? "trailer" : "data");
  }

  private endChunk(byte: number): void {
    this.isBroken = byte !== (this.lineLength === 1 ? carriageReturn : lineFeed);
    if (this.lineLength === 2) this.enter("size");
  }

  /** Lines up to an empty one; `last` counts the bytes of the line. */
  private takeTrailer(byte: number): void {
    this.last++;
    if (this.lineLength > longestTrailer) this.isBroken = true;
    else if (this.isAfterReturn) this.endTrailer(byte);
    else if (byte === carriageReturn) this.isAfterReturn = true;
    else this.isBroken = byte < space && byte !== tab;
  }

  private isAfterReturn = false;

  private endTrailer(byte: number): void {
    this.isBroken = byte !== lineFeed;
    this.isDone = !this.isBroken && this.last === 2;
    this.isAfterReturn = false;
    this.last = 0;
  }
}

/** The value of a digit of base 16; -1 for what is none. */
function hexadecimal(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const lower = byte | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}
