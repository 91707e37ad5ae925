/**
 * A node's saves in a file that only grows, with group commit: what is put while a sync runs goes
 * out together with the next one.
 *
 * Source: J. Gray, A. Reuter, "Transaction Processing", 1993, section 9.4.4 (group commit).
 * Guarantees: `durable` never counts a save that a crash of process or machine could lose.
 * Cost: one write that is its own sync a batch; the live saves are held in memory as JSON text.
 */
import {
  closeSync,
  constants,
  fdatasync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
} from "fs";
import { renameSync, write, writeSync } from "fs";
import { dirname } from "path";
import { InputError } from "../../basics";
import { lockFile, unlockFile } from "../../basics/file-lock";
import { encodeBatch, encodeHeader, recordBytes, recover } from "./disk-records";
import type { SaveRecord } from "./disk-records";
import type { SaveOptions } from "./save-options";

/** Where a node's saves go. */
export interface Disk {
  /** How many puts there were, and how many of them are durable. */
  readonly written: number;
  readonly durable: number;
  /** What was saved last under each key. */
  all(): Record<string, unknown>;
  /** `undefined` deletes the key. */
  put(key: string, value: unknown): void;
  /** Begins to make durable what was put; more may be put meanwhile. */
  flush(): void;
  close(): void;
}

/** Who is told how it goes. */
export interface DiskListener {
  /** `durable` has grown by so many saves. */
  onDurable(saves: number): void;
  /** The disk has failed: what was put since the last `onDurable` may be lost. */
  onFailure(error: Error): void;
  onSync(): void;
  /** A crash had cut a write short: one sentence for people. */
  onTornWrite(sentence: string): void;
}

export class DiskLog implements Disk {
  written = 0;
  durable = 0;
  private readonly values: Map<string, string>;
  private descriptor: number;
  private filling: SaveRecord[] = [];
  private isWriting = false;
  private isClosed = false;
  /** Where the last batch ends, and where the zeros behind it do. */
  private fileBytes: number;
  private reservedBytes: number;
  private liveBytes = 0;
  private batches: number;
  /** Until what was written without a sync is synced. */
  private syncTimer: NodeJS.Timeout | undefined = undefined;

  /**
   * Throws InputError for a file that another process has, and for one that is damaged before its
   * end, naming the offset.
   */
  constructor(
    readonly path: string,
    private readonly options: SaveOptions,
    private readonly listener: DiskListener,
  ) {
    const { descriptor, values, endBytes, batches, isTorn } = openFile(path, options);
    if (isTorn) listener.onTornWrite(`${path}: an unfinished write at ${endBytes} was cut off`);
    this.descriptor = descriptor;
    this.values = values;
    this.fileBytes = endBytes;
    this.reservedBytes = endBytes;
    this.batches = batches;
    for (const [key, text] of values) this.liveBytes += recordBytes({ key, text });
  }

  all(): Record<string, unknown> {
    return Object.fromEntries([...this.values].map(([key, text]) => [key, JSON.parse(text)]));
  }

  put(key: string, value: unknown): void {
    const text = JSON.stringify(value) as string | undefined;
    const before = this.values.get(key);
    if (before !== undefined) this.liveBytes -= recordBytes({ key, text: before });
    if (text === undefined) this.values.delete(key);
    else this.values.set(key, text);
    if (text !== undefined) this.liveBytes += recordBytes({ key, text });
    this.filling.push({ key, text });
    this.written++;
  }

  flush(): void {
    if (this.isWriting || this.isClosed || this.filling.length === 0) return;
    const { filling, written } = this;
    this.filling = [];
    this.isWriting = true;
    const done = (error: Error | null): void => this.finish(written, error);
    if (!this.isMostlyDead()) return this.append(filling, done);
    try {
      this.rewrite();
    } catch (error) {
      return done(error as Error);
    }
    // Not at once: who puts and flushes must not be called back in the midst of it.
    setImmediate(done, null);
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    clearTimeout(this.syncTimer);
    if (!this.isWriting) this.release();
  }

  private append(records: readonly SaveRecord[], done: (error: Error | null) => void): void {
    const batch = encodeBatch(records, ++this.batches);
    const at = this.fileBytes;
    this.fileBytes += batch.length;
    if (this.options.hasSync) this.listener.onSync();
    const zeros = this.reserve();
    const bytes = zeros.length === 0 ? batch : Buffer.concat([batch, zeros]);
    writeDurably(this.descriptor, { bytes, at, hasSync: this.options.hasSync }, done);
  }

  /** The zeros that are to follow, when there are none left. */
  private reserve(): Buffer {
    const { hasSync, reserveBytes } = this.options;
    if (this.fileBytes <= this.reservedBytes || !hasSync) return Buffer.alloc(0);
    const zeros = Buffer.alloc(Math.min(Math.max(this.fileBytes, 2 ** 16), reserveBytes));
    this.reservedBytes = this.fileBytes + zeros.length;
    return zeros;
  }

  private finish(written: number, error: Error | null): void {
    this.isWriting = false;
    if (this.isClosed) return this.release();
    if (error !== null) return this.listener.onFailure(this.explain(error));
    this.syncLater();
    const saves = written - this.durable;
    this.durable = written;
    this.listener.onDurable(saves);
  }

  /** Beside the writes: who writes the file anew, or closes it, does not wait for it. */
  private syncLater(): void {
    const { hasSync, syncEveryMs } = this.options;
    if (hasSync || syncEveryMs === null || this.syncTimer !== undefined) return;
    this.syncTimer = setTimeout(() => {
      this.syncTimer = undefined;
      const { descriptor } = this;
      this.listener.onSync();
      fdatasync(descriptor, (error) => {
        if (error === null || this.isClosed || descriptor !== this.descriptor) return;
        this.listener.onFailure(this.explain(error));
      });
    }, syncEveryMs);
  }

  private release(): void {
    closeSync(this.descriptor);
    unlockFile(this.path);
  }

  private isMostlyDead(): boolean {
    return this.fileBytes > this.options.rewriteBytes && this.liveBytes * 2 < this.fileBytes;
  }

  /**
   * The live saves alone, what is about to be written included, as a new file in the old one's
   * place. A crash leaves the old file or the new one, whole.
   */
  private rewrite(): void {
    const beside = `${this.path}.new`;
    const descriptor = openSync(beside, openFlags(this.options) | constants.O_TRUNC);
    const records = [...this.values].map(([key, text]) => ({ key, text }));
    const file = Buffer.concat([encodeHeader(), encodeBatch(records, 1)]);
    writeWhole(descriptor, file);
    fsyncSync(descriptor);
    renameSync(beside, this.path);
    syncFolder(this.path);
    closeSync(this.descriptor);
    this.descriptor = descriptor;
    this.fileBytes = file.length;
    this.reservedBytes = file.length;
    this.batches = 1;
  }

  private explain(error: Error): Error {
    return new InputError(`${this.path}: the saves cannot be written (${error.message})`);
  }
}

interface OpenFile {
  readonly descriptor: number;
  readonly values: Map<string, string>;
  readonly endBytes: number;
  readonly batches: number;
  readonly isTorn: boolean;
}

/** The file is locked from here until it is closed, or not at all when it cannot be opened. */
function openFile(path: string, options: SaveOptions): OpenFile {
  lock(path);
  try {
    return readFile(path, options);
  } catch (error) {
    unlockFile(path);
    throw error;
  }
}

function lock(path: string): void {
  try {
    lockFile(path);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw cannotOpen(path, error);
  }
}

function readFile(path: string, options: SaveOptions): OpenFile {
  const { descriptor, bytes } = readAll(path, options);
  const recovered = recover(bytes);
  if (recovered.kind === "damaged") {
    closeSync(descriptor);
    throw new InputError(
      `${path}: damaged at byte ${recovered.atBytes}: ${recovered.reason}; ` +
        "the node does not start, since it would forget what it has promised",
    );
  }
  let { endBytes } = recovered;
  if (endBytes < bytes.length) ftruncateSync(descriptor, endBytes);
  if (endBytes === 0) {
    const header = encodeHeader();
    writeWhole(descriptor, header);
    endBytes = header.length;
  }
  fsyncSync(descriptor);
  syncFolder(path);
  const { values, batches, isTorn } = recovered;
  return { descriptor, values, endBytes, batches, isTorn };
}

function readAll(path: string, options: SaveOptions): { descriptor: number; bytes: Buffer } {
  try {
    const descriptor = openSync(path, openFlags(options));
    return { descriptor, bytes: readFileSync(descriptor) };
  } catch (error) {
    throw cannotOpen(path, error);
  }
}

function cannotOpen(path: string, error: unknown): InputError {
  return new InputError(`${path}: the saves cannot be opened (${(error as Error).message})`);
}

/** With O_DSYNC a write is its own sync: one errand of the thread pool in place of two. */
const syncingWrites: number | undefined = constants.O_DSYNC;

function openFlags({ hasSync }: SaveOptions): number {
  return constants.O_RDWR | constants.O_CREAT | (hasSync ? (syncingWrites ?? 0) : 0);
}

interface Writing {
  readonly bytes: Buffer;
  readonly at: number;
  readonly hasSync: boolean;
}

/** Without blocking this thread: a disk that is busy lets a write wait too. */
function writeDurably(
  descriptor: number,
  { bytes, at, hasSync }: Writing,
  done: (error: Error | null) => void,
): void {
  write(descriptor, bytes, 0, bytes.length, at, (error, count) => {
    if (error !== null) return done(error);
    if (count < bytes.length) {
      const rest = { bytes: bytes.subarray(count), at: at + count, hasSync };
      return writeDurably(descriptor, rest, done);
    }
    if (hasSync && syncingWrites === undefined) return fdatasync(descriptor, done);
    done(null);
  });
}

function writeWhole(descriptor: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length;) {
    at += writeSync(descriptor, bytes, at, bytes.length - at, at);
  }
}

/** A new or renamed file is only there for good when its folder is synced. */
function syncFolder(path: string): void {
  const folder = openSync(dirname(path), "r");
  fsyncSync(folder);
  closeSync(folder);
}

/** Saves that are gone with the process, for nodes that need no disk, such as clients. */
export class MemoryDisk implements Disk {
  written = 0;
  private readonly values = new Map<string, string>();

  get durable(): number {
    return this.written;
  }

  all(): Record<string, unknown> {
    return Object.fromEntries([...this.values].map(([key, text]) => [key, JSON.parse(text)]));
  }

  put(key: string, value: unknown): void {
    const text = JSON.stringify(value) as string | undefined;
    if (text === undefined) this.values.delete(key);
    else this.values.set(key, text);
    this.written++;
  }

  flush(): void {}

  close(): void {}
}
