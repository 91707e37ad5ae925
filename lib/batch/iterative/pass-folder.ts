/** The folder in which passes leave what the next one reads. */
import { mkdirSync, mkdtempSync, rmSync } from "fs";
import { tmpdir } from "os";
import { join } from "path";

export interface PassFolderOptions {
  /** Where each pass writes; default: a temporary folder, removed at the end. */
  readonly folder?: string;
}

export async function inPassFolder<T>(
  { folder }: PassFolderOptions,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  if (folder !== undefined) {
    mkdirSync(folder, { recursive: true });
    return work(folder);
  }
  const own = mkdtempSync(join(tmpdir(), "dabbawala-passes-"));
  try {
    return await work(own);
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
}
