/** Where a job finds what its last tasks computed. */
import { join } from "path";

/** In a worker's folder. */
export function resultFile(folder: string, job: number, partition: number): string {
  return join(folder, `result-${job}-${partition}`);
}

/** Of a checkpoint. */
export function partFile(folder: string, partition: number): string {
  return join(folder, `part-${String(partition).padStart(5, "0")}`);
}
