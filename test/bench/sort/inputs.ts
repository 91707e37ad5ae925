/** Records of the sort benchmark as text, as `gensort -a` writes them. */
import { closeSync, existsSync, mkdirSync, openSync, renameSync, writeSync } from "node:fs";
import { join } from "node:path";
import { Random } from "dabbawala/basics";
import { generatedFolder } from "dabbawala/generators";

export const recordBytes = 100;
const keyBytes = 10;
const [firstPrintable, printables, newline] = [32, 95, 10];
const batchRecords = 50_000;

/**
 * 10 random printable characters, two blanks, the record's number in hexadecimal (32 digits), two
 * blanks, 52 letters that follow from the number, a line end: 99 bytes and one.
 */
export function writeRecord(target: Buffer, at: number, number: number, random: Random): void {
  for (let i = 0; i < keyBytes; i++) {
    target[at + i] = firstPrintable + Math.floor(random.next() * printables);
  }
  const hexadecimal = number.toString(16).toUpperCase().padStart(32, "0");
  target.write(`  ${hexadecimal}  `, at + keyBytes, "latin1");
  for (let i = 0; i < 13; i++) {
    target.fill(65 + ((number >>> i) % 16), at + 46 + 4 * i, at + 50 + 4 * i);
  }
  target[at + 98] = 68;
  target[at + 99] = newline;
}

/** A file of about that many bytes, made once. */
export function ensureRecords(bytes: number): string {
  const records = Math.max(1, Math.round(bytes / recordBytes));
  const file = join(generatedFolder, `sort-records-${records}.txt`);
  if (existsSync(file)) return file;
  mkdirSync(generatedFolder, { recursive: true });
  const random = new Random(5);
  const partial = `${file}.partial`;
  const descriptor = openSync(partial, "w");
  for (let done = 0; done < records; done += batchRecords) {
    const count = Math.min(batchRecords, records - done);
    const batch = Buffer.alloc(count * recordBytes);
    for (let i = 0; i < count; i++) writeRecord(batch, i * recordBytes, done + i, random);
    writeSync(descriptor, batch);
  }
  closeSync(descriptor);
  renameSync(partial, file);
  return file;
}
