/** What a node has saved, by key: in memory, or in a file that outlives the process. */
import {
  closeSync,
  existsSync,
  fdatasyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeSync,
} from "fs";
import { join } from "path";
import { crc32 } from "zlib";
import { AtomicFile, InputError } from "../../basics";

export interface Saves {
  all(): Record<string, unknown>;
  /** `undefined` deletes the key. */
  put(key: string, value: unknown): void;
  /** Returns when all that was put is durable. */
  sync(): void;
  close(): void;
}

/** Saves that survive a crash of the node, but not of the process. */
export class MemorySaves implements Saves {
  /** As JSON, so that a node that changes what it saved does not change the save. */
  private readonly values = new Map<string, string>();

  all(): Record<string, unknown> {
    return Object.fromEntries([...this.values].map(([key, text]) => [key, JSON.parse(text)]));
  }

  put(key: string, value: unknown): void {
    if (value === undefined) this.values.delete(key);
    else this.values.set(key, JSON.stringify(value));
  }

  sync(): void {}

  close(): void {}
}

/**
 * Saves in a file of lines `checksum [key, value]`, appended; no value deletes the key. A last line
 * that a crash has torn is cut off; a wrong one before the last refuses to open.
 *
 * Cost: one write and one fdatasync a `sync`. The file is rewritten when it is opened and when it
 * has grown to more than twice its live keys and 10,000 lines.
 */
export class FileSaves implements Saves {
  private readonly values: Map<string, string>;
  private descriptor: number;
  private lines: number;
  private unwritten: string[] = [];

  /** Throws InputError, naming file and line, for what cannot be read. */
  constructor(readonly path: string) {
    this.values = readSaves(path);
    this.lines = this.values.size;
    this.descriptor = this.rewrite();
  }

  all(): Record<string, unknown> {
    return Object.fromEntries([...this.values].map(([key, text]) => [key, JSON.parse(text)]));
  }

  put(key: string, value: unknown): void {
    const text = JSON.stringify(value);
    if (text === undefined) this.values.delete(key);
    else this.values.set(key, text);
    this.unwritten.push(lineOf(key, text));
  }

  sync(): void {
    if (this.unwritten.length === 0) return;
    const bytes = Buffer.from(this.unwritten.join(""));
    let written = 0;
    while (written < bytes.length) written += writeSync(this.descriptor, bytes, written);
    fdatasyncSync(this.descriptor);
    this.lines += this.unwritten.length;
    this.unwritten = [];
    if (this.lines <= 2 * this.values.size + 10_000) return;
    closeSync(this.descriptor);
    this.descriptor = this.rewrite();
    this.lines = this.values.size;
  }

  close(): void {
    this.sync();
    closeSync(this.descriptor);
  }

  /** The live keys alone, as a new file in the old one's place; returns it, open for appending. */
  private rewrite(): number {
    const file = new AtomicFile(this.path);
    for (const [key, text] of this.values) file.write(lineOf(key, text));
    file.commit();
    return openSync(this.path, "a");
  }
}

/** The saves of one node in a folder, which is made where it is missing. */
export function savesIn(folder: string, node: string): FileSaves {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new InputError(`${folder}: the folder cannot be made (${(error as Error).message})`);
  }
  return new FileSaves(join(folder, `${encodeURIComponent(node)}.saves`));
}

function lineOf(key: string, text: string | undefined): string {
  const content = `[${JSON.stringify(key)}${text === undefined ? "" : `,${text}`}]`;
  return `${checksum(content)} ${content}\n`;
}

function checksum(content: string): string {
  return crc32(content).toString(16).padStart(8, "0");
}

function readSaves(path: string): Map<string, string> {
  const values = new Map<string, string>();
  if (!existsSync(path)) return values;
  const text = readText(path);
  const lines = text.split("\n");
  lines.forEach((line, index) => {
    const isLast = index === lines.length - 1;
    if (isLast && line === "") return;
    const content = line.slice(9);
    const isWhole = !isLast && line.slice(0, 8) === checksum(content);
    if (!isWhole && lines.slice(index + 1).every((later) => later === "")) return;
    if (!isWhole) {
      throw new InputError(
        `${path}:${index + 1}: this line is damaged and others follow, so saves are lost: ` +
          "remove the file only if the node may forget everything",
      );
    }
    const [key, value] = JSON.parse(content) as [string, unknown];
    if (value === undefined) values.delete(key);
    else values.set(key, JSON.stringify(value));
  });
  return values;
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new InputError(`${path}: the saves cannot be read (${(error as Error).message})`);
  }
}
