/**
 * Tells tslab's compiler at once that a linked package was rebuilt. Events of the file system come
 * late, and for a folder that was removed and made again sometimes not at all: one time in three
 * the compiler went on without a new file until the kernel was restarted.
 */
import { existsSync } from "fs";
import { isCopied } from "./rebuilt-library";
import type { CompilerHost } from "./tslab";

/** Values of TypeScript's FileWatcherEventKind. */
const changed = 1;
const deleted = 2;

const files = new Map<string, (file: string, kind: number) => void>();
const folders = new Map<string, (file: string) => void>();

/** To be called before the compiler begins to watch through `host`. */
export function recordWatches(host: CompilerHost): void {
  const { watchFile, watchDirectory } = host;
  host.watchFile = (path, callback, ...rest) => {
    files.set(path, callback);
    return closing(watchFile(path, callback, ...rest), () => files.delete(path));
  };
  host.watchDirectory = (path, callback, ...rest) => {
    folders.set(path, callback);
    return closing(watchDirectory(path, callback, ...rest), () => folders.delete(path));
  };
}

/** The compiler reads the linked files again, and looks again for those that it did not find. */
export function lookAgain(): void {
  for (const [path, callback] of [...files]) {
    if (!isCopied(path)) callback(path, existsSync(path) ? changed : deleted);
  }
  for (const [path, callback] of [...folders]) callback(path);
}

function closing(watcher: { close(): void }, forget: () => void): { close(): void } {
  return {
    close: () => {
      forget();
      watcher.close();
    },
  };
}
