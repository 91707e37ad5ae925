/**
 * A node's saves in a file that is only appended to, with group commit: what is put while a sync
 * runs goes out together with the next one.
 *
 * Source: J. Gray, A. Reuter, "Transaction Processing", 1993, section 9.4.4 (group commit).
 * Guarantees: `durable` never counts a save that a crash of process or machine could lose.
 * Cost: one write and one fdatasync a batch; the live saves are held in memory as JSON text.
 */
import { closeSync, fdatasync, fsyncSync, ftruncateSync, openSync, readFileSync } from "fs";
import { renameSync, writeSync } from "fs";
import { dirname } from "path";
import { InputError } from "../../basics";
import { encodeBatch, encodeHeader, recordBytes, recover } from "./disk-records";
import type { SaveRecord } from "./disk-records";

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

export interface SaveOptions {
  /**
   * False: what was written survives a crash of the process, not of the machine. Default true:
   * fdatasync after every batch.
   */
  readonly hasSync: boolean;
  /** A file of more than so many bytes, most of them dead, is written anew. Default 64 MiB. */
  readonly rewriteBytes: number;
}

export const defaultSaveOptions: SaveOptions = { hasSync: true, rewriteBytes: 64 * 2 ** 20 };

/** Who is told how it goes. */
export interface DiskListener {
  /** `durable` has grown by so many saves. */
  onDurable(saves: number): void;
  /** The disk has failed: what was put since the last `onDurable` may be lost. */
  onFailure(error: Error): void;
  onSync(): void;
}

export class DiskLog implements Disk {
  written = 0;
  durable = 0;
  private readonly values: Map<string, string>;
  private descriptor: number;
  private filling: SaveRecord[] = [];
  private isSyncing = false;
  private isClosed = false;
  private fileBytes: number;
  private liveBytes = 0;
  private batches: number;

  /** Throws InputError, naming file and offset, for a file that is damaged before its end. */
  constructor(
    readonly path: string,
    private readonly options: SaveOptions,
    private readonly listener: DiskListener,
  ) {
    const { descriptor, values, endBytes, batches } = openFile(path);
    this.descriptor = descriptor;
    this.values = values;
    this.fileBytes = endBytes;
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
    if (this.isSyncing || this.isClosed || this.filling.length === 0) return;
    const { filling, written } = this;
    this.filling = [];
    try {
      if (this.isMostlyDead()) this.rewrite();
      else this.append(filling);
    } catch (error) {
      return this.listener.onFailure(this.explain(error as Error));
    }
    this.sync(written);
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    if (!this.isSyncing) closeSync(this.descriptor);
  }

  private append(records: readonly SaveRecord[]): void {
    const batch = encodeBatch(records, ++this.batches);
    writeWhole(this.descriptor, batch);
    this.fileBytes += batch.length;
  }

  private sync(written: number): void {
    if (!this.options.hasSync) {
      this.isSyncing = true;
      // Not at once: who puts and flushes must not be called back in the midst of it.
      setImmediate(() => this.synced(written, null));
      return;
    }
    this.isSyncing = true;
    this.listener.onSync();
    fdatasync(this.descriptor, (error) => this.synced(written, error));
  }

  private synced(written: number, error: Error | null): void {
    this.isSyncing = false;
    if (this.isClosed) return closeSync(this.descriptor);
    if (error !== null) return this.listener.onFailure(this.explain(error));
    const saves = written - this.durable;
    this.durable = written;
    this.listener.onDurable(saves);
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
    const descriptor = openSync(beside, "w");
    const records = [...this.values].map(([key, text]) => ({ key, text }));
    const file = Buffer.concat([encodeHeader(), encodeBatch(records, 1)]);
    writeWhole(descriptor, file);
    fsyncSync(descriptor);
    renameSync(beside, this.path);
    syncFolder(this.path);
    closeSync(this.descriptor);
    this.descriptor = descriptor;
    this.fileBytes = file.length;
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
}

function openFile(path: string): OpenFile {
  const { descriptor, bytes } = readAll(path);
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
  return { descriptor, values: recovered.values, endBytes, batches: recovered.batches };
}

function readAll(path: string): { descriptor: number; bytes: Buffer } {
  try {
    const descriptor = openSync(path, "a+");
    return { descriptor, bytes: readFileSync(descriptor) };
  } catch (error) {
    throw new InputError(`${path}: the saves cannot be opened (${(error as Error).message})`);
  }
}

function writeWhole(descriptor: number, bytes: Buffer): void {
  let written = 0;
  while (written < bytes.length) written += writeSync(descriptor, bytes, written);
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
