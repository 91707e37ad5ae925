/**
 * The file format of a node's saves: a header, then batches. A batch is what one write and one sync
 * make durable, so that a crash can only ever leave the last one torn.
 *
 * Behind the last batch there may be zeros, which no batch begins with.
 *
 *   header  "dabbawala saves\n", version (4 bytes), CRC-32 of both (4 bytes)
 *   batch   length of the body, number of the batch from 1, CRC-32 of the body, CRC-32 of these
 *           three, body
 *   body    records: length of key, length of value + 1 or 0 for a deleted key, key, JSON of value
 *
 * All numbers are 4 bytes, little-endian. A value's length is one more, so that 0 can mean none.
 */
import { crc32 } from "zlib";

export const formatVersion = 1;
const magic = "dabbawala saves\n";
export const headerBytes = magic.length + 8;
const batchHeaderBytes = 16;

/** One save: `text` is JSON, or undefined for a key that is deleted. */
export interface SaveRecord {
  readonly key: string;
  readonly text: string | undefined;
}

export function encodeHeader(version = formatVersion): Buffer {
  const header = Buffer.alloc(headerBytes);
  header.write(magic, "latin1");
  header.writeUInt32LE(version, magic.length);
  header.writeUInt32LE(crc32(header.subarray(0, magic.length + 4)), magic.length + 4);
  return header;
}

/** `number` counts the batches of a file from 1. */
export function encodeBatch(records: readonly SaveRecord[], number: number): Buffer {
  let bytes = batchHeaderBytes;
  for (const record of records) bytes += recordBytes(record);
  const batch = Buffer.allocUnsafe(bytes);
  let at = batchHeaderBytes;
  for (const record of records) at = writeRecord(batch, at, record);
  batch.writeUInt32LE(bytes - batchHeaderBytes, 0);
  batch.writeUInt32LE(number, 4);
  batch.writeUInt32LE(crc32(batch.subarray(batchHeaderBytes)), 8);
  batch.writeUInt32LE(crc32(batch.subarray(0, 12)), 12);
  return batch;
}

export function recordBytes({ key, text }: SaveRecord): number {
  return 8 + Buffer.byteLength(key) + (text === undefined ? 0 : Buffer.byteLength(text));
}

function writeRecord(batch: Buffer, at: number, { key, text }: SaveRecord): number {
  const keyEnd = at + 8 + batch.write(key, at + 8);
  batch.writeUInt32LE(keyEnd - at - 8, at);
  const end = text === undefined ? keyEnd : keyEnd + batch.write(text, keyEnd);
  batch.writeUInt32LE(text === undefined ? 0 : end - keyEnd + 1, at + 4);
  return end;
}

/** Of a file: what it holds, or why it cannot be trusted. */
export type Recovered =
  | {
      readonly kind: "ok";
      readonly values: Map<string, string>;
      /** Where the whole batches end; what follows was never durable and is to be cut off. */
      readonly endBytes: number;
      /** The number of the last whole batch. */
      readonly batches: number;
      /** Whether what follows is more than zeros. */
      readonly isTorn: boolean;
    }
  | { readonly kind: "damaged"; readonly atBytes: number; readonly reason: string };

/**
 * Reads a file's bytes. A file shorter than its header is new: its making was cut short. A damaged
 * batch that is the last one cannot be told from a write that was cut short, and counts as one.
 */
export function recover(file: Buffer): Recovered {
  const values = new Map<string, string>();
  if (file.length < headerBytes && encodeHeader().subarray(0, file.length).equals(file)) {
    return { kind: "ok", values, endBytes: 0, batches: 0, isTorn: file.length > 0 };
  }
  const reason = flawOfHeader(file);
  if (reason !== undefined) return { kind: "damaged", atBytes: 0, reason };
  let at = headerBytes;
  let batches = 0;
  while (at < file.length) {
    const end = endOfBatch(file, at, batches + 1);
    if (end === undefined) break;
    readRecords(file.subarray(at + batchHeaderBytes, end), values);
    at = end;
    batches++;
  }
  const later = at < file.length ? laterBatch(file, at, batches + 1) : undefined;
  const isTorn = !file.subarray(at).equals(Buffer.alloc(file.length - at));
  if (later === undefined) return { kind: "ok", values, endBytes: at, batches, isTorn };
  return { kind: "damaged", atBytes: at, reason: `saves that were made later follow at ${later}` };
}

function flawOfHeader(file: Buffer): string | undefined {
  if (file.toString("latin1", 0, magic.length) !== magic) return "this is not a file of saves";
  const version = file.readUInt32LE(magic.length);
  const isWhole = file.readUInt32LE(magic.length + 4) === crc32(file.subarray(0, magic.length + 4));
  if (!isWhole) return "the header's checksum is wrong";
  if (version === formatVersion) return undefined;
  return `the file has format version ${version}, and this program reads ${formatVersion}`;
}

/** Where the batch at `at` ends; undefined when it is not whole or not the expected one. */
function endOfBatch(file: Buffer, at: number, number: number): number | undefined {
  if (!isBatchHeader(file, at) || file.readUInt32LE(at + 4) !== number) return undefined;
  const end = at + batchHeaderBytes + file.readUInt32LE(at);
  if (end > file.length) return undefined;
  const isWhole = crc32(file.subarray(at + batchHeaderBytes, end)) === file.readUInt32LE(at + 8);
  return isWhole ? end : undefined;
}

function isBatchHeader(file: Buffer, at: number): boolean {
  if (at + batchHeaderBytes > file.length) return false;
  return crc32(file.subarray(at, at + 12)) === file.readUInt32LE(at + 12);
}

/**
 * A batch is written only when the one before it is durable. So whatever follows a damaged one
 * proves that it was whole once, even where its length can no longer be read.
 */
function laterBatch(file: Buffer, damagedAt: number, number: number): number | undefined {
  for (let at = damagedAt + 1; at + batchHeaderBytes <= file.length; at++) {
    const later = file.readUInt32LE(at + 4);
    const isLater = later >= number && later < number + file.length;
    if (isLater && endOfBatch(file, at, later) !== undefined) return at;
  }
  return undefined;
}

function readRecords(body: Buffer, values: Map<string, string>): void {
  let at = 0;
  while (at < body.length) {
    const keyEnd = at + 8 + body.readUInt32LE(at);
    const valueLength = body.readUInt32LE(at + 4);
    const key = body.toString("utf8", at + 8, keyEnd);
    at = keyEnd + Math.max(0, valueLength - 1);
    if (valueLength === 0) values.delete(key);
    else values.set(key, body.toString("utf8", keyEnd, at));
  }
}
