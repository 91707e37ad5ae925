/** `dabbawala storm`: many seeds of a protocol's storm; exit 0 clean, 1 failures, 2 bad option. */
import { writeFileSync } from "fs";
import { join } from "path";
import type { Command } from "commander";
import { InputError } from "../basics";
import { checkVariant, loadStorm, runStorms, shrinkStorm } from "../hosts";
import type { SeedFailure, ShrunkStorm, Storm, StormDefinition, StormSummary } from "../hosts";
import { traceText } from "../protocol";
import { parseCount } from "./options";
import { progressBar } from "./progress-bar";
import { stormPicture } from "./storm-picture";

interface StormCommandOptions {
  seeds: string;
  seed?: string;
  first: string;
  workers?: string;
  variant?: string;
  shrink: string;
  trace?: string | true;
  svg?: string;
}

/** Where each protocol's storm is; loaded only when it is asked for. */
const storms: Record<string, string> = {
  "anti-entropy": compiled("membership", "gossip", "storm", "anti-entropy.js"),
  attestation: compiled("scenarios", "eci", "attestation", "storm", "definition.js"),
  balancing: compiled("balancing", "serving", "storm", "definition.js"),
  booking: compiled("scenarios", "irctc", "booking", "storm", "definition.js"),
  cache: compiled("caching", "distributed", "storm", "definition.js"),
  "cas-register": compiled("replication", "cas-register", "storm", "definition.js"),
  chord: compiled("partitioning", "chord", "storm", "definition.js"),
  dataset: compiled("batch", "dataset", "storm", "definition.js"),
  dynamo: compiled("replication", "dynamo", "storm", "definition.js"),
  election: compiled("consensus", "election", "storm", "definition.js"),
  hotstuff: compiled("consensus", "hotstuff", "storm", "definition.js"),
  heartbeats: compiled("membership", "detectors", "storm", "heartbeat-storm.js"),
  locks: compiled("locks", "storm", "definition.js"),
  mapreduce: compiled("batch", "map-reduce", "storm", "definition.js"),
  pbft: compiled("consensus", "pbft", "storm", "definition.js"),
  plumtree: compiled("membership", "plumtree", "storm", "broadcast-storm.js"),
  raft: compiled("consensus", "raft", "storm", "definition.js"),
  scheduling: compiled("scheduling", "storm", "definition.js"),
  redlock: compiled("locks", "redlock", "storm", "definition.js"),
  rumours: compiled("membership", "gossip", "storm", "rumours.js"),
  "sharded-locks": compiled("locks", "sharded", "storm", "definition.js"),
  sort: compiled("batch", "sort", "storm", "definition.js"),
  swim: compiled("membership", "swim", "storm", "definition.js"),
};

function compiled(...path: readonly string[]): string {
  return join(__dirname, "..", ...path);
}

/** An error of the command itself must not look like a find. */
const faultExitCode = 70;

export function register(program: Command): void {
  program
    .command("storm <protocol>")
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
    .description(`play seeded storms of faults: ${Object.keys(storms).join(", ")}, or a .js file`)
    .option("--seeds <count>", "how many seeds", "100")
    .option("--first <seed>", "the first of them", "1")
    .option("--seed <seed>", "play this one alone, and shrink it when it fails")
    .option("--workers <count>", "threads; default one a core")
    .option("--variant <name>", "a protocol with a planted bug in place of the real one")
    .option("--shrink <count>", "failures that are shrunk, the first ones", "20")
    .option("--trace [file]", "with --seed: the trace as JSON lines, printed or written there")
    .option("--svg <file>", "with --seed: draw the end of the run there, as a space-time diagram")
    .action(storm);
}

async function storm(protocol: string, options: StormCommandOptions): Promise<void> {
  // A reader such as `head` that has seen enough is no error.
  process.stdout.on("error", () => undefined);
  try {
    const definition = find(protocol);
    checkVariant(definition, options.variant);
    if (options.seed !== undefined) return await playOne(definition, protocol, options);
    if (options.trace !== undefined || options.svg !== undefined) {
      throw new InputError("--trace and --svg are of one storm: say which with --seed");
    }
    await playMany(definition, protocol, options);
  } catch (error) {
    if (error instanceof InputError || error instanceof RangeError) throw error;
    console.error(error);
    process.exitCode = faultExitCode;
  }
}

function find(protocol: string): StormDefinition {
  if (Object.hasOwn(storms, protocol)) return loadStorm(storms[protocol]);
  if (/\.c?js$/.test(protocol)) return loadFile(protocol);
  const known = Object.keys(storms).join(", ");
  throw new InputError(`there is no storm "${protocol}": choose one of ${known}, or a .js file`);
}

function loadFile(file: string): StormDefinition {
  try {
    return loadStorm(file);
  } catch (error) {
    if (error instanceof InputError) throw error;
    const [why] = (error as Error).message.split("\n");
    throw new InputError(`${file} cannot be loaded as a storm (${why})`);
  }
}

async function playMany(
  definition: StormDefinition,
  protocol: string,
  options: StormCommandOptions,
): Promise<void> {
  const startMs = Date.now();
  const bar = progressBar("storms");
  const shrinks = parseCount("--shrink", options.shrink);
  let summary: StormSummary;
  try {
    summary = await runStorms(definition, {
      seeds: parseCount("--seeds", options.seeds),
      firstSeed: parseCount("--first", options.first),
      workers: options.workers === undefined ? undefined : parseCount("--workers", options.workers),
      variant: options.variant,
      onProgress: bar.onProgress,
    });
  } finally {
    bar.stop();
  }
  const seconds = (Date.now() - startMs) / 1000;
  print(`${definition.name}: ${summary.failures.length} of ${summary.seeds} storms failed`);
  summary.failures.forEach((failure, index) => {
    const build = (): Storm => definition.build(failure.seed, options.variant);
    const shrunk = index < shrinks ? shrinkQuietly(build) : undefined;
    print(describeFailure(failure, replayCommand(protocol, failure.seed, options.variant)));
    if (shrunk !== undefined) print(describeShrunk(definition, shrunk));
  });
  const rest = summary.failures.length - shrinks;
  if (rest > 0) print(`${rest} more are shrunk when they are played again, or with --shrink`);
  print(`notes: ${describeCounts(summary.counts)}`);
  const never = (definition.sometimes ?? []).filter((label) => !summary.counts.has(label));
  if (never.length > 0) print(`never happened, so never tested: ${never.join(", ")}`);
  const pace = Math.round(summary.events / seconds).toLocaleString("en");
  const threads = summary.workers === 1 ? "1 thread" : `${summary.workers} threads`;
  console.error(`${seconds.toFixed(1)} s on ${threads}, ${pace} events a second`);
  process.exitCode = summary.failures.length > 0 ? 1 : 0;
}

/** A storm that throws before its first action cannot be shrunk: its failure says what it threw. */
function shrinkQuietly(build: () => Storm): ShrunkStorm | undefined {
  try {
    return shrinkStorm(build());
  } catch {
    return undefined;
  }
}

/** Prints what a seed does, shrunk when it fails: the same bytes each time. */
async function playOne(
  definition: StormDefinition,
  protocol: string,
  options: StormCommandOptions,
): Promise<void> {
  const seed = parseCount("--seed", options.seed ?? "");
  const played = definition.build(seed, options.variant);
  const shrunk = shrinkStorm(played);
  const isTraced = options.trace !== undefined || options.svg !== undefined;
  const { failure, trace } = played.run({ ...shrunk, isTraced });
  // The trace alone on standard output can be piped on; what else is told goes beside it.
  const tell = options.trace === true ? console.error : print;
  if (failure === undefined) tell(`${definition.name}: seed ${seed} is clean`);
  else tell(describeFailure({ seed, ...failure }, replayCommand(protocol, seed, options.variant)));
  if (shrunk !== undefined) tell(describeShrunk(definition, shrunk));
  if (options.trace === true) process.stdout.write(traceText(trace));
  else if (options.trace !== undefined) write(options.trace, traceText(trace));
  if (options.svg !== undefined) {
    write(options.svg, await stormPicture(definition, trace, titleOf(definition, seed, failure)));
  }
  process.exitCode = failure === undefined ? 0 : 1;
}

function replayCommand(protocol: string, seed: number, variant: string | undefined): string {
  const named = variant === undefined ? "" : ` --variant ${variant}`;
  return `npx dabbawala storm ${protocol}${named} --seed ${seed} --trace`;
}

function describeFailure({ seed, property, detail }: SeedFailure, command: string): string {
  return `seed ${seed}: ${property}: ${detail}\n  again: ${command}`;
}

function describeShrunk(definition: StormDefinition, shrunk: ShrunkStorm): string {
  const { actions, actionsBefore, nowMs, runs, kind } = shrunk;
  const cut = kind === "fewest" ? "" : ", and could go on";
  const head = `  shrunk in ${runs} runs from ${actionsBefore} actions to ${actions.length}${cut}:`;
  const lines = actions.map((action) => `${ms(action.atMs)}  ${definition.describe(action)}`);
  return [
    head,
    ...lines,
    `${ms(nowMs)}  ${shrunk.failure.property}: ${shrunk.failure.detail}`,
  ].join("\n");
}

function ms(atMs: number): string {
  return `${atMs.toFixed(1)} ms`.padStart(14);
}

function describeCounts(counts: ReadonlyMap<string, number>): string {
  const sorted = [...counts].sort(([left], [right]) => (left < right ? -1 : 1));
  return sorted.map(([label, count]) => `${label} ${count}`).join(", ");
}

function titleOf(
  { name }: StormDefinition,
  seed: number,
  failure: { property: string } | undefined,
): string {
  return `Storm ${name}, seed ${seed}: ${failure?.property ?? "clean"}`;
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new InputError(`${file}: cannot be written (${(error as Error).message})`);
  }
}

function print(text: string): void {
  process.stdout.write(text + "\n");
}
