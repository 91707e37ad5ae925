/**
 * A register of a million people: authentications on all cores, and who is in it twice. `npm run
 * bench -- aadhaar` takes about two minutes and 1 GB of memory.
 */
import {
  compareAll,
  findDuplicates,
  judgeDuplicates,
  makeIrisGallery,
  timeMatches,
} from "dabbawala/scenarios/aadhaar";
import type { IrisGallery } from "dabbawala/scenarios/aadhaar";
import { interleaved, rate } from "./benchmark";
import type { BenchmarkRow } from "./benchmark";

const people = 1_000_000;
const workers = 2;
const matches = 1_000_000;
const claimedPerSecond = 50_000;

export async function run(): Promise<BenchmarkRow[]> {
  const gallery = await makeIrisGallery({ rows: people, seed: 1, duplicates: 0.02 }, { workers });
  return [
    await authentications(gallery),
    await duplicates(gallery, 0.8),
    await duplicates(gallery, 0.9),
  ];
}

async function authentications(gallery: IrisGallery): Promise<BenchmarkRow> {
  const times = await interleaved({
    ours: () => timeMatches(gallery, { matches, workers }),
    peer: () => timeMatches(gallery, { matches, workers: 1 }),
    rounds: 3,
  });
  const perSecond = matches / (times.ours.medianMs / 1_000);
  return {
    work: `finger and iris 1:1, ${(perSecond / claimedPerSecond).toFixed(0)} x the claim, 2 workers`,
    ours: rate(matches, "matches", times.ours.medianMs),
    peer: `1 worker ${rate(matches, "matches", times.peer.medianMs)}`,
    ratio: times.ratio,
    bar: null,
  };
}

/** All pairs of a million would take a day: their time follows from the rate among 5,000. */
async function duplicates(gallery: IrisGallery, recall: number): Promise<BenchmarkRow> {
  const search = await findDuplicates(gallery, { recall, workers });
  const few = await makeIrisGallery({ rows: 5_000, seed: 1 });
  const { comparisonsPerSecond } = await compareAll(few, { workers });
  const allMs = (search.allComparisons / comparisonsPerSecond) * 1_000;
  const { mated, falseNegative, precision } = judgeDuplicates(gallery, search.clusters);
  const found = Math.round(mated * (1 - falseNegative));
  return {
    work:
      `duplicates, asked for recall ${recall}: ${found.toLocaleString("en")} of ` +
      `${mated.toLocaleString("en")} found, precision ${precision}`,
    ours: `${(search.elapsedMs / 1_000).toFixed(1)} s`,
    peer: `all pairs, by their rate among 5,000, ${(allMs / 3_600_000).toFixed(1)} h`,
    ratio: allMs / search.elapsedMs,
    bar: null,
  };
}
