/**
 * Votes counted one by one, by constituency and candidate, beside DuckDB on the same file:
 * `npm run bench -- votes --size 100mb`, and `--part 100m` for a hundred million votes (1.9 GB,
 * generated once under data/generated). All sides read from the page cache.
 */
import { closeSync, existsSync, openSync, readSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { electionFiles, generatedFolder, writeElection } from "dabbawala/generators";
import { countRawVotes } from "dabbawala/scenarios/eci";
import type { BenchmarkOptions, BenchmarkRow, Comparison } from "./benchmark";
import { interleaved, rate } from "./benchmark";
import { openDuck } from "./map-reduce/peers";

const workers = 2;
const seed = 1;
const bytesPerUpload = 10_960;
/** About 570 votes each. */
const uploadsOfHundredMillion = 175_500;
/** What the episode's Go program is said to have reached. */
const episodeVotesPerSecond = 400;

export async function run({ sizeBytes }: BenchmarkOptions): Promise<BenchmarkRow[]> {
  return compare(Math.max(1_000, Math.round(sizeBytes / bytesPerUpload)), { rounds: 5, bar: null });
}

export const parts = {
  "100m": (): Promise<BenchmarkRow[]> => compare(uploadsOfHundredMillion, { rounds: 3, bar: 1.5 }),
};

/** The bar is that of a hundred million votes: of few ones the start of the threads is a part. */
async function compare(
  uploads: number,
  { rounds, bar }: { readonly rounds: number; readonly bar: number | null },
): Promise<BenchmarkRow[]> {
  const file = await ensureVotes(uploads);
  const votes = totalOf(await countRawVotes(file, { workers }));
  const duck = await openDuck(workers);
  const byDuck = await duck.runAndReadAll(`select sum(n)::double from (${duckCount(file)})`);
  const [[counted]] = byDuck.getRows();
  if (counted !== votes) throw new Error(`DuckDB counts ${String(counted)} votes, we ${votes}`);
  const ours = (): Promise<unknown> => countRawVotes(file, { workers });
  const peer = (): Promise<unknown> => duck.runAndReadAll(duckCount(file));
  const beside = await interleaved({ ours, peer, rounds });
  duck.closeSync();
  const limit = await interleaved({ ours, peer: () => scan(file), rounds });
  return [
    row(votes, beside, `DuckDB ${rate(votes, "votes", beside.peer.medianMs)}`, bar),
    row(votes, limit, `${rate(bytesOf(file), "bytes", limit.peer.medianMs)} of page cache`, null),
    {
      ...row(
        votes,
        beside,
        `the episode's counter, as told, ${episodeVotesPerSecond} votes/s`,
        null,
      ),
      ratio: votes / (beside.ours.medianMs / 1000) / episodeVotesPerSecond,
    },
  ];

  function row(
    count: number,
    { ours: our, ratio }: Comparison,
    told: string,
    bar: number | null,
  ): BenchmarkRow {
    const speeds = [rate(count, "votes", our.medianMs), rate(bytesOf(file), "bytes", our.medianMs)];
    const work = `${(count / 1e6).toFixed(1)} M votes by constituency and candidate`;
    return { work, ours: speeds.join(", "), peer: told, ratio, bar };
  }
}

async function ensureVotes(uploads: number): Promise<string> {
  const folder = join(generatedFolder, `election-${uploads}-${seed}`);
  const { rawVotes } = electionFiles(folder);
  if (existsSync(rawVotes)) return rawVotes;
  try {
    await writeElection({ rows: uploads, seed }, folder);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  return rawVotes;
}

function totalOf(tallies: ReadonlyMap<string, { readonly counted: number }>): number {
  return [...tallies.values()].reduce((sum, { counted }) => sum + counted, 0);
}

/** With the schema told, so that DuckDB neither guesses types nor looks for quotes. */
function duckCount(file: string): string {
  const columns = "{'machine': 'VARCHAR', 'constituency': 'VARCHAR', 'choice': 'VARCHAR'}";
  return `select constituency, choice, count(*) as n from read_csv('${file}', header = true,
    auto_detect = false, delim = ',', quote = '', escape = '', parallel = true,
    columns = ${columns}) group by all`;
}

/** Every byte once out of the page cache, by one thread: nobody can be faster than twice that. */
function scan(file: string): void {
  const descriptor = openSync(file, "r");
  const into = Buffer.alloc(2 ** 20);
  while (readSync(descriptor, into, 0, into.length, null) > 0);
  closeSync(descriptor);
}

function bytesOf(file: string): number {
  return statSync(file).size;
}
