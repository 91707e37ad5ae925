/**
 * Who is in a gallery twice: candidates by bands, each compared bit by bit under both masks, and
 * those who match put together to people.
 *
 * Guarantees: the same answer for any number of threads; no pair is reported that is further apart
 * than the threshold. Assumes that two pictures of an eye are turned by at most `maxRotation`.
 * Cost: of a band 0.1 microseconds a picture, and 0.2 a candidate, of which there are
 * n^2 / 2^(k+1) a turn; all pairs would be n (n - 1) / 2 comparisons a turn.
 */
import { join } from "path";
import { inRange, wholeInRange } from "../../../basics";
import { genuineDistance } from "../../../generators";
import { buildGraph, connectedComponents } from "../../../graph";
import { runTeam } from "../../../graph/team/run-team";
import { marksFor } from "./band-keys";
import { bandPlaces, planBands, sampleRecall, sharesBothShow } from "./bands";
import type { BandChoice, BandPlan } from "./bands";
import { decisionLimits, decisionThreshold } from "./decision";
import type { IrisGallery } from "./gallery";
import { MatchList } from "./match-list";
import type { IrisMatch } from "./match-list";
import { parallelOptions } from "./parallel";
import type { IrisOptions } from "./parallel";
import { irisBytes } from "./picture";
import type { SearchInput } from "./search-kernel";

export interface SearchOptions extends IrisOptions {
  /** Share of second pictures that the bands should meet, 0.1 to 0.99; default 0.95. */
  readonly recall?: number;
  /** Bits and number of bands; default: `planFor` the gallery and the recall. */
  readonly plan?: BandPlan;
  /** Turns tried either way, in columns, 0 to 7; default 3. */
  readonly maxRotation?: number;
  /** Greatest normalised distance of a match; default: `decisionThreshold` of the gallery. */
  readonly threshold?: number;
  /** Chooses the bits of the bands; default 1. */
  readonly seed?: number;
  /** Most matches that are kept, default 1,000,000; more throw a RangeError. */
  readonly maxMatches?: number;
}

export interface SearchResult {
  readonly plan: BandPlan;
  /** Share of second pictures that the plan should meet by the formula, 0 to 1. */
  readonly predictedRecall: number;
  readonly threshold: number;
  /** Pairs, at a turn, that met in a band and were compared. */
  readonly candidates: number;
  /** All pairs at all turns: what a search without bands compares. */
  readonly allComparisons: number;
  readonly elapsedMs: number;
  readonly matches: readonly IrisMatch[];
  /** People with more than one picture: the rows of each, ascending. */
  readonly clusters: readonly (readonly number[])[];
}

export async function findDuplicates(
  gallery: IrisGallery,
  options: SearchOptions = {},
): Promise<SearchResult> {
  const startMs = performance.now();
  const { plan = planFor(gallery, options) } = options;
  const rotations = 2 * maxRotationOf(options) + 1;
  const threshold = options.threshold ?? decisionThreshold(gallery.count, { rotations });
  const { matches, candidates } = await meet(gallery, { ...options, plan, threshold });
  const clusters = await clustersOf(gallery.count, matches);
  return {
    ...{ plan, threshold, candidates, matches, clusters },
    predictedRecall: predictRecall(gallery, plan, options),
    allComparisons: ((gallery.count * (gallery.count - 1)) / 2) * rotations,
    elapsedMs: performance.now() - startMs,
  };
}

/** The plan with the least work for that recall in that gallery, by the formula of bands.ts. */
export function planFor(gallery: IrisGallery, options: SearchOptions = {}): BandPlan {
  const recall = inRange("recall", options.recall ?? 0.95, { min: 0.1, max: 0.99 });
  const choice = choiceOf(gallery, options);
  const bothShow = (bits: number): Float64Array =>
    sharesBothShow(choice.masks, bandPlaces({ bits, bands: sampleBands }, choice), bits);
  const rotations = 2 * maxRotationOf(options) + 1;
  const distances = usualDistances(choice.masks.length >> 1);
  return planBands({ rows: gallery.count, rotations, recall, distances, bothShow });
}

/** One line of the curve of recall against work. */
export interface BandMeasurement extends BandPlan {
  /** By the formula, and as counted: the share of planted second pictures that met their first. */
  readonly predictedRecall: number;
  readonly recall: number;
  readonly candidates: number;
  /** Candidates among all pairs at all turns, 0 to 1. */
  readonly workShare: number;
  readonly elapsedMs: number;
}

/** Each plan run over the gallery, its recall counted against what was planted. */
export async function measureBands(
  gallery: IrisGallery,
  plans: readonly BandPlan[],
  options: SearchOptions = {},
): Promise<BandMeasurement[]> {
  const { persons, count } = gallery;
  const planted = persons.reduce((sum, of, row) => sum + (of === row ? 0 : 1), 0);
  const rows: BandMeasurement[] = [];
  for (const plan of plans) {
    const startMs = performance.now();
    const all = { ...options, plan, threshold: options.threshold ?? 0.2, keepsGenuine: true };
    const { matches, candidates } = await meet(gallery, all);
    const elapsedMs = performance.now() - startMs;
    const met = matches.filter(({ row, of }) => persons[row] === of).length;
    const allComparisons = ((count * (count - 1)) / 2) * (2 * maxRotationOf(options) + 1);
    rows.push({
      ...{ ...plan, candidates, elapsedMs },
      predictedRecall: predictRecall(gallery, plan, options),
      recall: planted === 0 ? 1 : met / planted,
      workShare: candidates / allComparisons,
    });
  }
  return rows;
}

interface Meeting extends SearchOptions {
  readonly plan: BandPlan;
  readonly threshold: number;
  readonly keepsGenuine?: boolean;
}

async function meet(
  gallery: IrisGallery,
  options: Meeting,
): Promise<{ matches: IrisMatch[]; candidates: number }> {
  const { plan, threshold, kind = "simd", keepsGenuine = false } = options;
  const maxRotation = maxRotationOf(options);
  const parallel = parallelOptions(options);
  const found = MatchList.shared(options.maxMatches ?? 1_000_000);
  const candidates = new Float64Array(new SharedArrayBuffer(parallel.workers * 8));
  const input: SearchInput = {
    ...{ gallery: gallery.arrays, maxRotation, threshold, limits: decisionLimits(threshold) },
    ...{ kind, keepsGenuine, candidates, found: found.arrays, bits: plan.bits },
    places: bandPlaces(plan, choiceOf(gallery, options)),
  };
  await runTeam(join(__dirname, "search-kernel.js"), input, parallel);
  const compared = candidates.reduce((sum, one) => sum + one, 0);
  return { matches: found.sorted(), candidates: compared };
}

function maxRotationOf({ maxRotation = 3 }: SearchOptions): number {
  return wholeInRange("maxRotation", maxRotation, { min: 0, max: 7 });
}

async function clustersOf(count: number, matches: readonly IrisMatch[]): Promise<number[][]> {
  if (matches.length === 0) return [];
  const sources = matches.map(({ row }) => row);
  const targets = matches.map(({ of }) => of);
  const graph = buildGraph({ sources, targets }, { vertices: count });
  const { labels } = await connectedComponents(graph);
  const members = new Map<number, number[]>();
  for (const row of new Set([...sources, ...targets].sort((a, b) => a - b))) {
    const rows = members.get(labels[row]);
    if (rows === undefined) members.set(labels[row], [row]);
    else rows.push(row);
  }
  return [...members.values()];
}

const sampleRows = 2_000;
const sampleBands = 64;

/** The bands are chosen by what the first pictures show. */
function choiceOf(gallery: IrisGallery, options: SearchOptions): BandChoice {
  const length = Math.min(sampleRows, gallery.count);
  const masks = Array.from({ length }, (_, row) => gallery.picture(row).slice(irisBytes));
  const reach = Math.max(...marksFor(maxRotationOf(options)));
  return { masks, reach, seed: options.seed };
}

/** Distances of two pictures of one eye, as Daugman measured them. */
function usualDistances(count: number): number[] {
  return Array.from({ length: count }, (_, i) => genuineDistance((i + 0.5) / count));
}

function predictRecall(gallery: IrisGallery, plan: BandPlan, options: SearchOptions): number {
  const choice = choiceOf(gallery, options);
  const bothShow = sharesBothShow(choice.masks, bandPlaces(plan, choice), plan.bits);
  return sampleRecall(plan, usualDistances(bothShow.length), bothShow);
}
