/** All partitions of a data set as files of a folder, which appears whole or not at all. */
import { existsSync, mkdirSync, renameSync, rmSync } from "fs";
import { dirname, resolve } from "path";
import { InputError } from "../../basics";
import { partFile } from "./data-plane/result-files";
import type { Jobs } from "./jobs";
import type { Lineage } from "./lineage";
import type { ActionOptions } from "./options";

export async function writeParts(
  jobs: Jobs,
  target: Lineage,
  { folder, options }: { folder: string; options: ActionOptions },
): Promise<string[]> {
  const place = resolve(folder);
  if (existsSync(place)) throw new InputError(`${folder} is there already: name a new folder`);
  if (!existsSync(dirname(place))) {
    throw new InputError(`${folder}: the folder ${dirname(place)} does not exist: make it first`);
  }
  const partial = `${place}.partial-${process.pid}`;
  mkdirSync(partial);
  const partitions = Array.from({ length: target.partitions }, (_, i) => i);
  // A backup of a task may write, too: each attempt has a file of its own until it is taken.
  const onResult = (_rows: readonly unknown[], partition: number, worker: string): void => {
    renameSync(`${partFile(partial, partition)}.${worker}`, partFile(partial, partition));
  };
  try {
    const action = { kind: "files", folder: partial } as const;
    await jobs.run({ target, partitions, action, onResult }, options);
    renameSync(partial, place);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  return partitions.map((partition) => partFile(place, partition));
}
