/**
 * `npm run bench [-- NAME...] [--part PART] [--size 100mb] [--speed 12] [--write] [--plot]`: runs
 * the benchmarks of this folder one after the other, prints their table, and with --write renews
 * results.md and README.md. With --part it runs one part of those that have parts by that name.
 * --speed says how many times as fast the booking's hour is played. With --plot it draws their
 * curves instead, up to that size, into the folder plots.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { InputError } from "dabbawala/basics";
import { parseBytes } from "dabbawala/dist/cli/options";
import type { BenchmarkOptions, BenchmarkRow, DrawCurves, RunBenchmark } from "./benchmark";
import { asText, isBelow, withBars, withTable } from "./report";

const own = ["index", "benchmark", "report"];
const whole = join(__dirname, "results.md");
/** Shows the rows that have a bar. */
const readme = join(__dirname, "..", "..", "README.md");

void main().catch((error: unknown) => {
  console.error(error instanceof InputError ? error.message : error);
  process.exitCode = 1;
});

async function main(): Promise<void> {
  const { names, part, options, isWriting, isPlotting } = readOptions();
  if (isPlotting) return plot(names, options);
  const results = new Map<string, BenchmarkRow[]>();
  let failures = 0;
  for (const [index, name] of names.entries()) {
    console.error(`[${index + 1} of ${names.length}] ${name} ...`);
    try {
      const rows = await benchmarkOf(name, part)(options);
      if (rows.length > 0) results.set(name, rows); // else it was skipped, and its old rows stay
    } catch (error) {
      failures++;
      console.error(`${name} failed:`, error);
    }
  }
  console.log(asText(results));
  if (isWriting) await write(results, part !== undefined);
  const below = [...results.values()].flat().filter(isBelow).length;
  console.log(`${failures} failed, ${below} below their bar`);
  if (failures + below > 0) process.exitCode = 1;
}

function benchmarkOf(name: string, part: string | undefined): RunBenchmark {
  const { run, parts = {} } = require(join(__dirname, name)) as {
    run: RunBenchmark;
    parts?: Readonly<Record<string, RunBenchmark>>;
  };
  if (part === undefined) return run;
  const known = Object.keys(parts).join(", ") || "none";
  if (!(part in parts)) throw new InputError(`${name} has no part "${part}": it has ${known}`);
  return parts[part];
}

async function plot(names: readonly string[], options: BenchmarkOptions): Promise<void> {
  const folder = join(__dirname, "plots");
  mkdirSync(folder, { recursive: true });
  for (const name of names) {
    const { charts } = require(join(__dirname, name)) as { charts?: DrawCurves };
    if (charts === undefined) continue;
    for (const [curve, chart] of Object.entries(await charts(options))) {
      const file = join(folder, `${name}-${curve}.svg`);
      writeFileSync(file, (await chart.toSvg()) + "\n");
      console.log(`drew ${file}`);
    }
  }
}

interface BenchOptions {
  readonly names: string[];
  readonly part?: string;
  readonly options: BenchmarkOptions;
  readonly isWriting: boolean;
  readonly isPlotting: boolean;
}

function readOptions(): BenchOptions {
  const { values, positionals } = parseOptions();
  const known = readdirSync(__dirname)
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
    .map((file) => basename(file, ".ts"))
    .filter((name) => !own.includes(name));
  const unknown = positionals.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new InputError(`no benchmark is called "${unknown}": choose of ${known.join(", ")}`);
  }
  const names = positionals.length > 0 ? positionals : known;
  return {
    names,
    part: values.part,
    options: { sizeBytes: parseBytes("--size", values.size), speed: parseSpeed(values.speed) },
    isWriting: values.write,
    isPlotting: values.plot,
  };
}

function parseSpeed(text: string): number {
  const speed = Number(text);
  if (Number.isInteger(speed) && speed >= 1 && 60 % speed === 0) return speed;
  throw new InputError(`--speed must be a whole number that divides 60, but was "${text}"`);
}

function parseOptions() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        part: { type: "string" },
        size: { type: "string", default: "100mb" },
        speed: { type: "string", default: "12" },
        write: { type: "boolean", default: false },
        plot: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    const [what] = (error as Error).message.split(". ");
    throw new InputError(
      `${what}: the options are --part PART, --size SIZE, --speed N, --write and --plot.`,
    );
  }
}

async function write(
  results: ReadonlyMap<string, BenchmarkRow[]>,
  isPartial: boolean,
): Promise<void> {
  const [cpu] = cpus();
  const machine =
    `Last measured on ${cpus().length} cores (${cpu?.model.trim() ?? "unknown"}) with Node ` +
    `${process.versions.node}; medians of runs in turns.`;
  const { format } = require("prettier") as typeof import("prettier");
  const pretty = (text: string): Promise<string> =>
    format(text, { parser: "markdown", printWidth: 100 });
  const table = withTable(readFileSync(whole, "utf8"), results, { machine, isPartial });
  writeFileSync(whole, await pretty(table));
  writeFileSync(readme, await pretty(withBars(readFileSync(readme, "utf8"), table, machine)));
}
