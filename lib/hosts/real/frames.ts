/**
 * Frames on a stream of bytes: length and CRC-32 of the payload, 4 bytes each, little-endian, and
 * the payload, JSON text. TCP's own checksum is weak, and a stream out of step must be noticed.
 */
import { crc32 } from "zlib";

const headerBytes = 8;

export function encodeFrame(text: string, byteLength = Buffer.byteLength(text)): Buffer {
  const frame = Buffer.allocUnsafe(headerBytes + byteLength);
  frame.write(text, headerBytes);
  frame.writeUInt32LE(byteLength, 0);
  frame.writeUInt32LE(crc32(frame.subarray(headerBytes)), 4);
  return frame;
}

/** What the bytes so far amount to; a flaw is a sentence, and nothing after it can be read. */
export type FrameReading =
  { readonly kind: "ok" } | { readonly kind: "flaw"; readonly reason: string };

/** Puts frames together from the pieces in which a stream delivers them. */
export class FrameReader {
  private parts: Buffer[] = [];
  private length = 0;
  /** Bytes that must be there before the next look. */
  private needed = headerBytes;

  /** A frame of more than `maxBytes` is a flaw; may be raised while reading. */
  constructor(
    public maxBytes: number,
    /** Returns a flaw of the frame's content, or undefined. */
    private readonly onFrame: (text: string) => string | undefined,
  ) {}

  take(bytes: Buffer): FrameReading {
    this.parts.push(bytes);
    this.length += bytes.length;
    if (this.length < this.needed) return { kind: "ok" };
    let buffer = this.parts.length === 1 ? bytes : Buffer.concat(this.parts, this.length);
    while (buffer.length >= headerBytes) {
      const size = buffer.readUInt32LE(0);
      if (size > this.maxBytes) return flaw(`a frame of ${size} bytes, more than ${this.maxBytes}`);
      this.needed = headerBytes + size;
      if (buffer.length < this.needed) break;
      const reason = this.open(buffer.subarray(0, this.needed));
      if (reason !== undefined) return flaw(reason);
      buffer = buffer.subarray(this.needed);
      this.needed = headerBytes;
    }
    this.parts = buffer.length === 0 ? [] : [buffer];
    this.length = buffer.length;
    return { kind: "ok" };
  }

  private open(frame: Buffer): string | undefined {
    const payload = frame.subarray(headerBytes);
    if (crc32(payload) !== frame.readUInt32LE(4)) return "a frame with a wrong checksum";
    return this.onFrame(payload.toString());
  }
}

function flaw(reason: string): FrameReading {
  return { kind: "flaw", reason };
}
