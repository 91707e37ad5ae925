/** The rows that a partition gets through a shuffle, in the order of the parent's partitions. */
import { existsSync } from "fs";
import { join } from "path";
import type { LostInput, PlanParent, ShuffleInput } from "../control/messages";
import type { Part } from "./part";
import { readShuffleFile, shuffleFile, shuffledBytes } from "./shuffle-file";

/** Inputs of a task that are not where they should be: their worker, and so its disk, is gone. */
export class LostInputs extends Error {
  constructor(readonly inputs: readonly LostInput[]) {
    super(`${inputs.length} inputs are lost`);
  }
}

type Wide = PlanParent & { readonly kind: "wide" };

/**
 * Tells the rows of input `index`: through a shuffle, or, where the parent is shared out alike, as
 * they are.
 */
export async function readInput(
  part: Part,
  index: number,
  listen: (rows: readonly unknown[]) => void,
): Promise<void> {
  const { step, partition, evaluation } = part;
  const parent = step.parents[index];
  if (parent?.kind !== "wide") {
    const push = (rows: readonly unknown[]): boolean => (listen(rows), true);
    return evaluation.produceParent(step, { index, partition, push });
  }
  shuffleFiles(part, parent).forEach((file, source) => {
    try {
      readShuffleFile(file, partition, listen);
    } catch (error) {
      // It was there a moment ago: its worker died since.
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
      throw new LostInputs([{ kind: "output", shuffle: parent.shuffle, partition: source }]);
    }
  });
}

/** How many encoded bytes input `index` has; 0 where it comes through no shuffle. */
export function inputBytes(part: Part, index: number): number {
  const parent = part.step.parents[index];
  if (parent?.kind !== "wide") return 0;
  const files = shuffleFiles(part, parent);
  return files.reduce((sum, file) => sum + shuffledBytes(file, part.partition), 0);
}

function shuffleFiles(part: Part, parent: Wide): string[] {
  const { sessionFolder } = part.evaluation.workshop;
  return inputFiles(part, parent, (worker, partition) =>
    shuffleFile(join(sessionFolder, worker), parent.shuffle, partition),
  );
}

/** The files of all of the parent's partitions; throws LostInputs for those that are not there. */
export function inputFiles(
  { step, partition, evaluation }: Part,
  { shuffle }: Wide,
  fileOf: (worker: string, partition: number) => string,
): string[] {
  const input = evaluation.task.inputs.find((found: ShuffleInput) => found.shuffle === shuffle);
  // The task was to begin with what this worker had cached, and has no more.
  if (input === undefined) throw new LostInputs([{ kind: "cached", step: step.id, partition }]);
  const files = input.workers.map(fileOf);
  const lost = files.flatMap((file, i): LostInput[] =>
    existsSync(file) ? [] : [{ kind: "output", shuffle, partition: i }],
  );
  if (lost.length > 0) throw new LostInputs(lost);
  return files;
}
