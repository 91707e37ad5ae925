import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "fs";
import { dirname, resolve } from "path";
import { InputError } from "./input-error";

/**
 * A file that appears whole or not at all: bytes go to a partial file beside it, `commit` renames
 * it. `abandon` removes the partial file and leaves an earlier file of that name untouched.
 */
export class AtomicFile {
  readonly path: string;
  /** Where the bytes are until `commit`; for programs that write the file themselves. */
  readonly partialPath: string;
  private descriptor: number | undefined;

  /**
   * `partialPath`: a partial file of one's own name; one that is there, left by an earlier process,
   * is gone on with. Throws InputError when the folder of `path` does not exist or cannot be
   * written.
   */
  constructor(path: string, partialPath?: string) {
    this.path = resolve(path);
    this.partialPath = partialPath ?? `${this.path}.partial-${process.pid}`;
    const isThere = partialPath !== undefined && existsSync(partialPath);
    if (!existsSync(dirname(this.path))) {
      throw new InputError(
        `${path}: the folder ${dirname(this.path)} does not exist: make it first`,
      );
    }
    this.descriptor = explain(path, () => openSync(this.partialPath, isThere ? "r+" : "w"));
  }

  write(bytes: Uint8Array | string): void {
    const buffer = typeof bytes === "string" ? Buffer.from(bytes) : bytes;
    const descriptor = this.descriptor;
    if (descriptor === undefined) throw new InputError(`${this.path}: the file is closed already`);
    let written = 0;
    while (written < buffer.length) {
      const from = written;
      written += explain(this.path, () => writeSync(descriptor, buffer, from));
    }
  }

  commit(): void {
    explain(this.path, () => {
      this.close(true);
      renameSync(this.partialPath, this.path);
    });
  }

  abandon(): void {
    this.close(false);
    rmSync(this.partialPath, { force: true });
  }

  /** Ends here; the partial file stays, for whoever goes on with it. */
  leave(): void {
    this.close(false);
  }

  private close(isSynced: boolean): void {
    if (this.descriptor === undefined) return;
    if (isSynced) fsyncSync(this.descriptor);
    closeSync(this.descriptor);
    this.descriptor = undefined;
  }
}

const remedies: Record<string, string> = {
  ENOSPC: "the disk is full: free some space",
  EDQUOT: "your share of the disk is full: free some space",
  EFBIG: "the file would be larger than the system allows (ulimit -f)",
  EACCES: "no permission to write there: choose another place",
  EROFS: "the disk is read-only: choose another place",
  EISDIR: "it is a folder: name a file",
};

function explain<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (code in remedies) throw new InputError(`${path}: ${remedies[code]}`);
    throw error;
  }
}
