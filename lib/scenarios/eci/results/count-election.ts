/**
 * An election from its files to its result: the uploads counted, constituencies recounted from the
 * votes where a fault or the margin asks for it, ties by lot, the nation put together.
 */
import { existsSync } from "fs";
import { wholeInRange } from "../../../basics";
import type { ElectionFiles } from "../../../generators/votes";
import { countUploads } from "../count/count-uploads";
import type { CountOptions, UploadCount } from "../count/count-uploads";
import { recount } from "../recount/recount";
import { recountReasons } from "../recount/recount-rules";
import { nationOf } from "./nation";
import type { Nation } from "./nation";
import { seatResult } from "./seat-result";
import type { SeatResult, SeatResultOptions } from "./seat-result";

export interface ElectionOptions extends CountOptions, SeatResultOptions {
  /** Default true; false, or without the file of votes, leaves doubtful seats open. */
  readonly hasRecounts?: boolean;
}

export interface ElectionResult {
  /** In the order of their codes. */
  readonly results: readonly SeatResult[];
  readonly nation: Nation;
  readonly count: UploadCount;
  /** Constituencies that were recounted. */
  readonly recounted: number;
  readonly elapsedMs: number;
}

/** Throws InputError for files that are missing or have other columns. */
export async function countElection(
  files: ElectionFiles,
  options: ElectionOptions = {},
): Promise<ElectionResult> {
  const startMs = performance.now();
  const { hasRecounts = true, lotSeed = 1, marginVotes, onProgress, ...engine } = options;
  wholeInRange("lotSeed", lotSeed, { min: 0, max: Number.MAX_SAFE_INTEGER });
  if (marginVotes !== undefined) wholeInRange("marginVotes", marginVotes, { min: 0, max: 1e9 });
  const rules = { lotSeed, marginVotes };
  const isRecounting = hasRecounts && existsSync(files.rawVotes);
  const passes = isRecounting ? 2 : 1;
  const told = (pass: number): CountOptions["onProgress"] =>
    onProgress && ((done, total) => onProgress(pass * total + done, passes * total));
  const count = await countUploads(files, { ...engine, onProgress: told(0) });
  const doubtful = count.seats.filter((seat) => recountReasons(seat, rules).length > 0);
  const { workers, splitBytes, memoryBytes, signal } = engine;
  const again = isRecounting
    ? await recount(files, doubtful, {
        ...{ workers, splitBytes, memoryBytes, signal, onProgress: told(1) },
      })
    : [];
  const recounts = new Map(again.map((one) => [one.constituency, one]));
  const results = count.seats.map((seat) =>
    seatResult(seat, recounts.get(seat.constituency), rules),
  );
  const elapsedMs = performance.now() - startMs;
  return { results, nation: nationOf(results), count, recounted: again.length, elapsedMs };
}
