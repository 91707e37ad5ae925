/** What the uploads of some constituencies say: the side of a recount that is doubted. */
import { defineJob } from "../../../batch/map-reduce/job";
import type { Job } from "../../../batch/map-reduce/job";
import { mapReduce } from "../../../batch/map-reduce/map-reduce";
import type { VotesRow } from "../../../generators/votes";
import { kindOf, parseUpload } from "../count/lines";
import type { RawVoteOptions } from "./raw-votes";

/** Comes with the job; a function of JSON alone, so that it can travel as text. */
declare const wanted: Readonly<Record<string, boolean>>;

function claimsJob(constituencies: readonly string[]): Job<string, readonly string[]> {
  return defineJob<string, readonly string[]>({
    name: "uploads of some constituencies",
    input: "csv",
    map(record, emit) {
      const constituency = record.text("constituency");
      if (wanted[constituency]) emit(constituency, record.line);
    },
    reduce: (_, lines) => lines,
    scope: { wanted: Object.fromEntries(constituencies.map((name) => [name, true])) },
  });
}

/** Every upload that can be read, by constituency. */
export async function readClaims(
  file: string,
  constituencies: readonly string[],
  options: RawVoteOptions,
): Promise<ReadonlyMap<string, readonly VotesRow[]>> {
  const { rows } = await mapReduce(claimsJob(constituencies), [file], options);
  return new Map(
    rows.map(({ key, value }) => [key, value.filter(isUpload).map(parseUpload)] as const),
  );
}

function isUpload(line: string): boolean {
  try {
    return kindOf(line) === "upload";
  } catch {
    return false; // the count has told it
  }
}
