/**
 * `npm run mutants [-- NAME...] [--figures DIR] [--seeds 400]`: plays the storm of every planted
 * bug, seed after seed, until the bug is caught, and prints how many seeds that took. A name is
 * that of a bug, or of a storm for all of its bugs. With --figures each catch is shrunk and drawn
 * into that folder. A bug that is not caught ends with 1.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { InputError } from "dabbawala/basics";
import { balancingStorm } from "dabbawala/balancing";
import { datasetStorm, mapReduceStorm, sortStorm } from "dabbawala/batch";
import { cacheStorm } from "dabbawala/caching";
import { electionStorm, hotStuffStorm, pbftStorm, raftStorm } from "dabbawala/consensus";
import { parseCount } from "dabbawala/dist/cli/options";
import { stormPicture } from "dabbawala/dist/cli/storm-picture";
import { shrinkStorm } from "dabbawala/hosts";
import type { StormDefinition, StormFailure } from "dabbawala/hosts";
import { lockStorm, shardedLockStorm } from "dabbawala/locks";
import { antiEntropyStorm, heartbeatStorm, plumtreeStorm } from "dabbawala/membership";
import { rumourStorm, swimStorm } from "dabbawala/membership";
import { chordStorm } from "dabbawala/partitioning";
import { casStorm, dynamoStorm } from "dabbawala/replication";
import { attestationStorm } from "dabbawala/scenarios/eci";
import { bookingStorm } from "dabbawala/scenarios/irctc";
import { schedulerStorm } from "dabbawala/scheduling";

/** Protocols with planted bugs; later ones add their storms here. */
const storms: readonly StormDefinition[] = [
  ...[raftStorm, pbftStorm, electionStorm, dynamoStorm, casStorm, mapReduceStorm, sortStorm],
  ...[swimStorm, rumourStorm, antiEntropyStorm, plumtreeStorm, heartbeatStorm],
  ...[cacheStorm, chordStorm, hotStuffStorm],
  balancingStorm,
  bookingStorm,
  datasetStorm,
  lockStorm,
  shardedLockStorm,
  attestationStorm,
  schedulerStorm,
].map((storm) => storm as StormDefinition);

/** Enough for most; the rest are drawn as far as they are cut down. */
const maxRuns = 400;

interface Catch {
  readonly seed: number;
  readonly failure: StormFailure;
}

void main().catch((error: unknown) => {
  console.error(error instanceof InputError ? error.message : error);
  process.exitCode = 1;
});

async function main(): Promise<void> {
  const { names, figures, seeds } = readOptions();
  if (figures !== undefined) mkdirSync(figures, { recursive: true });
  let missed = 0;
  for (const definition of storms) {
    for (const variant of definition.variants) {
      const isMeant = names.includes(variant) || names.includes(definition.name);
      if (names.length > 0 && !isMeant) continue;
      const found = firstCatch(definition, variant, seeds);
      if (found === undefined) missed++;
      console.log(lineOf(definition, variant, found));
      if (found !== undefined && figures !== undefined) {
        console.log(await draw(definition, variant, { ...found, folder: figures }));
      }
    }
  }
  console.log(missed === 0 ? "every planted bug was caught" : `not caught: ${missed}`);
  if (missed > 0) process.exitCode = 1;
}

/** What is slow may be slow without the bug: only what is wrong counts as a catch. */
function firstCatch(definition: StormDefinition, variant: string, seeds: number) {
  for (let seed = 1; seed <= seeds; seed++) {
    const { failure } = definition.build(seed, variant).run();
    if (failure !== undefined && failure.property !== "progress") return { seed, failure };
  }
  return undefined;
}

function lineOf({ name, about }: StormDefinition, variant: string, found?: Catch): string {
  const what = `${name} ${variant}`.padEnd(62);
  const where = (about?.(variant) ?? "").padEnd(16);
  if (found === undefined) return `${what} ${where} not caught`;
  const { seed, failure } = found;
  const seeds = `${seed} ${seed === 1 ? "seed" : "seeds"}`.padStart(9);
  return `${what} ${where} ${seeds}  ${failure.property}: ${failure.detail.slice(0, 80)}`;
}

async function draw(
  definition: StormDefinition,
  variant: string,
  { seed, failure, folder }: Catch & { readonly folder: string },
): Promise<string> {
  const storm = definition.build(seed, variant);
  const shrunk = shrinkStorm(storm, { maxRuns });
  const { trace } = storm.run({ ...shrunk, isTraced: true });
  const title = `${definition.name}: ${variant}, seed ${seed}: ${failure.property}`;
  const file = join(folder, `${definition.name}-${variant}.svg`);
  writeFileSync(file, await stormPicture(definition, trace, title));
  const actions = `${shrunk?.actionsBefore ?? 0} actions to ${shrunk?.actions.length ?? 0}`;
  return `    shrunk from ${actions} and drawn: ${file}`;
}

function readOptions() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { figures: { type: "string" }, seeds: { type: "string", default: "400" } },
    });
    const known = storms.flatMap(({ name, variants }) => [name, ...variants]);
    const unknown = positionals.find((name) => !known.includes(name));
    if (unknown === undefined) {
      const seeds = parseCount("--seeds", values.seeds);
      return { names: positionals, figures: values.figures, seeds };
    }
    const all = storms.map(({ name }) => name).join(", ");
    throw new InputError(
      `no planted bug or storm is called "${unknown}": give one of these storms, ${all}, or ` +
        "one of their planted bugs; without a name all are played, and named",
    );
  } catch (error) {
    if (error instanceof InputError) throw error;
    const [what] = (error as Error).message.split(". ");
    throw new InputError(`${what}: the options are --figures DIR and --seeds COUNT.`);
  }
}
