/** `dabbawala aadhaar duplicates`: the claims of the episode measured at a million people. */
import type { Command } from "commander";
import { InputError } from "../basics";
import type { IrisGallery } from "../scenarios/aadhaar";
import { interruptSignal, parseCount, parseNumber } from "./options";
import { progressBar } from "./progress-bar";

interface DuplicatesOptions {
  people: string;
  duplicates: string;
  recall: string;
  impostors: string;
  seed: string;
  workers?: string;
}

/** A sub-command of `aadhaar`. */
export function registerDuplicates(aadhaar: Command): void {
  aadhaar
    .command("duplicates")
    .description("enrols made-up people, authenticates, finds who is in twice; beside the claims")
    .option("--people <count>", "pictures of irises, 1k to 4m; a million takes 640 MB", "1m")
    .option("--duplicates <share>", "of them of people who are enrolled already", "0.02")
    .option("--recall <share>", "of second pictures that the search is to meet, 0.1 to 0.99", "0.8")
    .option("--impostors <count>", "strangers who try", "1m")
    .option("--seed <number>", "of the people", "1")
    .option("--workers <count>", "threads; default one a core")
    .action(duplicates);
}

interface Shared {
  readonly workers?: number;
  readonly signal: AbortSignal;
}

async function duplicates(options: DuplicatesOptions): Promise<void> {
  const { workers } = options;
  const shared: Shared = {
    signal: interruptSignal(),
    ...(workers === undefined ? {} : { workers: parseCount("--workers", workers) }),
  };
  const rows = parseCount("--people", options.people);
  if (rows < 1_000 || rows > 4_000_000) {
    throw new InputError(`--people takes 1k to 4m, not "${options.people}"`);
  }
  const share = parseNumber("--duplicates", options.duplicates);
  const spec = { rows, seed: parseCount("--seed", options.seed), duplicates: share };
  const { makeIrisGallery } = await import("../scenarios/aadhaar");
  const gallery = await withBar("enrolment", (told) =>
    makeIrisGallery(spec, { ...shared, ...told }),
  );
  const system = await authenticate(gallery, parseCount("--impostors", options.impostors), shared);
  const search = await findAll(gallery, parseNumber("--recall", options.recall), shared);
  const { compareWithClaims } = await import("../scenarios/aadhaar");
  for (const { what, claimed, measured, note } of compareWithClaims(system, search)) {
    console.log(`${what}: claimed ${claimed}, measured ${measured}\n    ${note}`);
  }
}

type Told = { onProgress: (done: number, total: number) => void };

/** Says on stderr what is being done, and how long it took. */
async function withBar<T>(label: string, work: (told: Told) => Promise<T>): Promise<T> {
  const bar = progressBar(label);
  const startMs = performance.now();
  try {
    return await work({ onProgress: bar.onProgress });
  } finally {
    bar.stop();
    console.error(`${label}: ${((performance.now() - startMs) / 1_000).toFixed(1)} s`);
  }
}

/** The false accepts of the episode: one impostor in 100,000. */
const claimedFalseAccept = 1e-5;

async function authenticate(gallery: IrisGallery, impostors: number, shared: Shared) {
  const { fusionCurves, makeTrials, thresholdFor, timeMatches } =
    await import("../scenarios/aadhaar");
  return withBar("authentication", async (told) => {
    const trials = makeTrials(gallery, { impostors });
    const genuine = trials.filter(({ isGenuine }) => isGenuine).length;
    const chosen = thresholdFor(fusionCurves(trials).qualityWeights, claimedFalseAccept);
    const threshold = Math.max(0, 1 - chosen.threshold);
    const timing = await timeMatches(gallery, {
      matches: 1_000_000,
      threshold,
      ...shared,
      ...told,
    });
    return { ...chosen, timing, genuine, impostors, people: gallery.count };
  });
}

async function findAll(gallery: IrisGallery, recall: number, shared: Shared) {
  const { findDuplicates, judgeDuplicates } = await import("../scenarios/aadhaar");
  const search = await withBar("duplicates", (told) =>
    findDuplicates(gallery, { recall, ...shared, ...told }),
  );
  const score = judgeDuplicates(gallery, search.clusters);
  const { plan, candidates, threshold, predictedRecall } = search;
  console.error(
    `${plan.bands} bands of ${plan.bits} bits: ${candidates.toLocaleString("en")} candidates; ` +
      `of second pictures, ${(100 * predictedRecall).toFixed(1)} % should meet their first, and ` +
      `they match up to a distance of ${threshold.toFixed(3)}; precision ${score.precision}`,
  );
  return { score, people: gallery.count, elapsedMs: search.elapsedMs };
}
