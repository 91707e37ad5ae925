/** The files of an election: uploads, polling stations, candidates, and the votes themselves. */
import { mkdirSync } from "fs";
import { join } from "path";
import { InputError } from "../../basics";
import type { Spec } from "../data-set";
import { writeDataSet } from "../write";

/** Where the files of an election lie in its folder. */
export interface ElectionFiles {
  /** With faults: `.truth.jsonl` beside tells them. */
  readonly uploads: string;
  /** Who stand where. */
  readonly candidates: string;
  /** What is to be counted, by station: known on the evening of the poll. */
  readonly stations: string;
  /** One vote a row, for recounts. */
  readonly rawVotes: string;
}

export interface WriteElectionOptions {
  /** The votes too, which take some 11 kB an upload; default true. */
  readonly hasRawVotes?: boolean;
  /** Threads that make rows; default: one a core. The bytes do not depend on it. */
  readonly workers?: number;
  readonly signal?: AbortSignal;
  /** Told after every block: rows done of all files, and rows in all. */
  readonly onProgress?: (done: number, total: number) => void;
}

export function electionFiles(folder: string): ElectionFiles {
  return {
    uploads: join(folder, "votes.csv"),
    candidates: join(folder, "votes.csv.candidates.csv"),
    stations: join(folder, "stations.csv"),
    rawVotes: join(folder, "raw-votes.csv"),
  };
}

/**
 * Writes the election of `spec.rows` uploads as CSV into `folder`, which is made. Faults are in the
 * uploads alone: the other files tell what is true. Throws InputError for a place that cannot be
 * written, RangeError for rows, seed, faults or workers out of range.
 */
export async function writeElection(
  spec: Spec,
  folder: string,
  options: WriteElectionOptions = {},
): Promise<ElectionFiles> {
  const { hasRawVotes = true, workers, signal, onProgress } = options;
  makeFolder(folder);
  const files = electionFiles(folder);
  const honest = { rows: spec.rows, seed: spec.seed };
  const tables: [name: string, spec: Spec, out: string][] = [
    ["votes", spec, files.uploads],
    ["votes-stations", honest, files.stations],
  ];
  if (hasRawVotes) tables.push(["votes-raw", honest, files.rawVotes]);
  for (const [place, [name, table, out]] of tables.entries()) {
    await writeDataSet(name, table, {
      ...{ format: "csv", out, workers, signal },
      onProgress: (done, total) => onProgress?.(place * total + done, tables.length * total),
    });
  }
  return files;
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new InputError(`${folder} cannot be made: ${(error as Error).message}`);
  }
}
