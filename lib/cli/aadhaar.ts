/** `dabbawala aadhaar quality`: what is wrong with records of the register, file and line. */
import type { Command } from "commander";
import { checkQuality } from "../scenarios/aadhaar";
import type { Finding, QualityReport } from "../scenarios/aadhaar";
import { registerDuplicates } from "./aadhaar-duplicates";
import { interruptSignal, parseCount } from "./options";
import { progressBar } from "./progress-bar";

interface QualityCommandOptions {
  examples: string;
  all: boolean;
  workers?: string;
}

export function register(program: Command): void {
  const aadhaar = program
    .command("aadhaar")
    .description("the register of residents: quality of its records, people who are in it twice");
  registerDuplicates(aadhaar);
  aadhaar
    .command("quality <file...>")
    .description("missing, impossible and contradictory fields, with file, line and reason")
    .option("--examples <count>", "examples of each kind", "2")
    .option("--all", "every finding as a line of JSON in the place of the report", false)
    .option("--workers <count>", "threads; default one a core")
    .action(quality);
}

async function quality(files: string[], options: QualityCommandOptions): Promise<void> {
  const examples = parseCount("--examples", options.examples);
  const { workers } = options;
  const bar = progressBar("quality");
  try {
    const report = await checkQuality(files, {
      ...(workers === undefined ? {} : { workers: parseCount("--workers", workers) }),
      signal: interruptSignal(),
      onProgress: bar.onProgress,
    });
    bar.stop();
    if (options.all) printAll(report);
    else console.log(describe(report, examples));
  } finally {
    bar.stop();
  }
}

function printAll({ findings }: QualityReport): void {
  for (const finding of findings) process.stdout.write(JSON.stringify(finding) + "\n");
}

function describe(report: QualityReport, examples: number): string {
  const lines = report.rows.flatMap(({ kind, column, count, share }) => {
    const title = `${kind} in ${column}: ${count} (${(100 * share).toFixed(2)} %)`;
    const own = report.findings.filter((one) => one.kind === kind && one.column === column);
    return [title, ...own.slice(0, examples).map(describeFinding)];
  });
  const { records, faultyRecords, elapsedMs } = report;
  const seconds = (elapsedMs / 1_000).toFixed(1);
  return [...lines, `${faultyRecords} of ${records} records are faulty; ${seconds} s`].join("\n");
}

function describeFinding({ file, line, value, reason, suggestions = [] }: Finding): string {
  const [meant] = suggestions;
  const hint = meant === undefined ? "" : `; perhaps ${meant.aadhaar} was meant`;
  return `  ${file}:${line}: "${value}": ${reason}${hint}`;
}
