/**
 * Notices that a package under development (one that is linked, not copied, into node_modules) was
 * rebuilt while a kernel is open, and lets the next import load it anew.
 */
import { statSync } from "fs";
import { sep } from "path";

const copied = `${sep}node_modules${sep}`;

/** Whether a file belongs to a package that was installed, not linked. */
export function isCopied(file: string): boolean {
  return file.includes(copied);
}

export class RebuiltLibrary {
  private readonly seen = new Map<string, number>();

  /** Notes the files loaded since the last call. To be called when a cell has ended. */
  note(): void {
    for (const file of this.loaded()) {
      if (!this.seen.has(file)) this.seen.set(file, changedAt(file));
    }
  }

  /** Whether any loaded file has changed; if so, all of them are forgotten by `require`. */
  forgetIfChanged(): boolean {
    const isChanged = [...this.seen].some(([file, at]) => changedAt(file) !== at);
    if (!isChanged) return false;
    // All at once: half of an old and half of a new library would not know each other's classes.
    for (const file of this.loaded()) delete require.cache[file];
    this.seen.clear();
    return true;
  }

  private loaded(): string[] {
    return Object.keys(require.cache).filter((file) => !isCopied(file));
  }
}

function changedAt(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
