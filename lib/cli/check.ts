/** `dabbawala check linearizable`: judges a recorded history; exit 0 yes, 1 no, 2 unreadable. */
import { writeFileSync } from "fs";
import type { Command } from "commander";
import { InputError } from "../basics";
import { barsOf, checkLinearizableAsync, describeVerdict, models } from "../checks";
import type { LinearizabilityVerdict, Model, Violation } from "../checks";
import { readHistory, withIndependentKeys } from "../protocol";
import type { HistoryEvent } from "../protocol";
import { parseNumber } from "./options";
import { progressBar } from "./progress-bar";

interface CheckOptions {
  model: string;
  timeout: string;
  independent?: boolean;
  svg?: string;
  json?: boolean;
}

/** What the process ends with; 2 is bad input. Undecided is neither a pass nor a violation. */
const exitCodes = { linearizable: 0, "not linearizable": 1, unknown: 3 } as const;

/** A fault of the checker itself must not look like a verdict. */
const faultExitCode = 70;

export function register(program: Command): void {
  const check = program.command("check").description("judge a recorded history");
  check.exitOverride(endWithoutVerdict);
  const names = Object.keys(models).join("|");
  check
    .command("linearizable <file>")
    .exitOverride(endWithoutVerdict)
    .description("exit 0 linearizable, 1 not, 2 unreadable, 3 undecided in the time given")
    .requiredOption("--model <name>", names)
    .option("--timeout <seconds>", "longest time", "60")
    .option("--independent", "values are [key value], as of jepsen.independent")
    .option("--svg <file>", "draw the offending part there")
    .option("--json", "print the verdict as one JSON object")
    .action(checkFile);
}

/** A wrong command line is bad input: commander's own 1 would say "not linearizable". */
function endWithoutVerdict({ exitCode }: { exitCode: number }): never {
  process.exit(exitCode === 0 ? 0 : 2);
}

async function checkFile(file: string, options: CheckOptions): Promise<void> {
  // A reader such as `head` that has seen enough is no error.
  process.stdout.on("error", () => undefined);
  try {
    await judgeFile(file, options);
  } catch (error) {
    if (error instanceof InputError || error instanceof RangeError) throw error;
    console.error(error);
    process.exitCode = faultExitCode;
  }
}

async function judgeFile(file: string, options: CheckOptions): Promise<void> {
  const model = findModel(options.model);
  const seconds = parseNumber("--timeout", options.timeout);
  if (seconds <= 0) throw new InputError(`--timeout takes seconds above 0, not ${seconds}`);
  const events = readHistory(file);
  const history = options.independent ? withIndependentKeys(events, file) : events;
  const bar = progressBar("operations");
  try {
    const verdict = await checkLinearizableAsync(history, model, {
      source: file,
      timeoutMs: Math.max(1, Math.round(seconds * 1000)),
      onProgress: bar.onProgress,
    });
    bar.stop();
    process.stdout.write(options.json ? toJson(verdict) : describeVerdict(verdict));
    process.exitCode = exitCodes[verdict.kind];
    if (verdict.kind === "not linearizable" && options.svg !== undefined) {
      await draw(verdict.violation, options.svg, hasTimes(history));
    }
  } finally {
    bar.stop();
  }
}

function findModel(name: string): Model {
  if (Object.hasOwn(models, name)) return models[name]();
  const known = Object.keys(models).join(", ");
  throw new InputError(`there is no model "${name}": choose one of ${known}`);
}

function hasTimes(history: readonly HistoryEvent[]): boolean {
  return history.some(({ time }) => time !== undefined);
}

async function draw(violation: Violation, file: string, isTimed: boolean): Promise<void> {
  const { historyChart } = await import("../figures");
  const where = violation.key === "" ? "" : ` of ${violation.key}`;
  const picture = historyChart(barsOf(violation), {
    title: `Operations${where} that no order explains`,
    caption: "The offending operations contradict each other, whatever the others did.",
    timeTitle: isTimed ? "time, in the recorder's unit" : "place in the history (events)",
  });
  const svg = await picture.toSvg();
  try {
    writeFileSync(file, svg + "\n");
  } catch (error) {
    throw new InputError(`${file}: the picture cannot be written (${(error as Error).message})`);
  }
}

/** The verdict without the orders, which are as long as the history. */
function toJson(verdict: LinearizabilityVerdict): string {
  const { kind, model, operations, parts, configurations } = verdict;
  const common = { kind, model, operations, parts, configurations };
  if (verdict.kind === "linearizable") return JSON.stringify(common) + "\n";
  if (verdict.kind === "unknown") return JSON.stringify(verdict) + "\n";
  const { key, firstBad, offending, isSmallest, prefix } = verdict.violation;
  const evidence = { key, firstBad, offending, isSmallest, prefixOperations: prefix.length };
  return JSON.stringify({ ...common, violation: evidence }) + "\n";
}
