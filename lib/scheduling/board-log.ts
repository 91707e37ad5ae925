/**
 * Snapshots of the board among a server's saves: in parts, and named by one last save, so that a
 * crash in between leaves the old one whole. What it makes superfluous is deleted after that.
 *
 * Cost: a save for each 1,000 tasks, and one for each entry of the log that goes.
 */
import type { BoardStateJson } from "./board/snapshot";

export interface SnapshotHeader {
  readonly generation: number;
  readonly parts: number;
  /** The last command that is in it. */
  readonly index: number;
  /** The first command of the log that came after the snapshot before this one. */
  readonly from: number;
  /** All but the tasks. */
  readonly rest: unknown;
}

interface Saver {
  save(key: string, value: unknown): void;
}

const partTasks = 1_000;

export function readSnapshot(
  saved: Readonly<Record<string, unknown>>,
): { readonly header: SnapshotHeader; readonly json: BoardStateJson } | undefined {
  const header = saved["snapshot"] as SnapshotHeader | undefined;
  if (header === undefined) return undefined;
  const { generation, parts, rest } = header;
  const tasks = Array.from({ length: parts }, (_, part) => saved[keyOf(generation, part)]).flat();
  return { header, json: { ...(rest as BoardStateJson), tasks } as BoardStateJson };
}

/** What a crash left behind of older and of unfinished snapshots. */
export function cleanSnapshots(saved: Readonly<Record<string, unknown>>, host: Saver): void {
  const header = saved["snapshot"] as SnapshotHeader | undefined;
  for (const key of Object.keys(saved)) {
    const [what, number] = key.split("/");
    const isOldEntry = what === "log" && Number(number) <= (header?.index ?? 0);
    const isOther = what === "snapshot" && number && Number(number) !== header?.generation;
    if (isOldEntry || isOther) host.save(key, undefined);
  }
}

export function saveSnapshot(
  given: { json: unknown; last: SnapshotHeader | null; index: number },
  host: Saver,
): SnapshotHeader {
  const { last, index } = given;
  const { tasks, ...rest } = given.json as BoardStateJson;
  const generation = (last?.generation ?? 0) + 1;
  const parts = Math.ceil(tasks.length / partTasks);
  for (let part = 0; part < parts; part++) {
    const some = tasks.slice(part * partTasks, (part + 1) * partTasks);
    host.save(keyOf(generation, part), some);
  }
  const header = { generation, parts, index, from: (last?.index ?? 0) + 1, rest };
  host.save("snapshot", header);
  for (let at = header.from; at <= index; at++) host.save(`log/${at}`, undefined);
  for (let part = 0; part < (last?.parts ?? 0); part++) {
    host.save(keyOf(last?.generation ?? 0, part), undefined);
  }
  return header;
}

function keyOf(generation: number, part: number): string {
  return `snapshot/${generation}/${part}`;
}
