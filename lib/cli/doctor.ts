/** `dabbawala doctor`: a table of what the machine and this checkout have, and what to do. */
import { join } from "path";
import type { Command } from "commander";
import { generatedFolder } from "../generators";
import { findKernelAnswer, findPlots } from "./doctor/answers";
import * as checkout from "./doctor/checkout";
import type { Finding } from "./doctor/finding";
import { findCompiler, findNode, findNpm, findPython } from "./doctor/programs";

const root = join(__dirname, "..", "..", "..");

export function register(program: Command): void {
  program
    .command("doctor")
    .description("look at the set-up: versions, kernel, plots, data; exit code 1 on a problem")
    .action(examine);
}

async function examine(): Promise<void> {
  const problems: string[] = [];
  for (const [what, find] of questions(root)) {
    const finding = await find();
    console.log(lineOf(what, finding));
    if (finding.kind === "problem") problems.push(what);
  }
  if (problems.length === 0) return console.log("All is well.");
  console.log(`${problems.length} to mend: ${problems.join(", ")}.`);
  process.exitCode = 1;
}

type Question = readonly [what: string, find: () => Finding | Promise<Finding>];

/** In the order in which the set-up works, so that the first problem explains the later ones. */
function questions(folder: string): Question[] {
  const bin = process.platform === "win32" ? "Scripts" : "bin";
  const python = join(folder, ".venv", bin, "python");
  const compiled = checkout.findCompiledParts(folder);
  return [
    ["Node", () => findNode(process.versions.node)],
    ["npm", findNpm],
    ["Python", findPython],
    ["packages", () => checkout.findPackages(folder)],
    ["compiled parts", () => compiled],
    ["compiler", () => findCompiler(compiled.kind === "ok")],
    ["library", () => checkout.findBuild(folder)],
    ["Jupyter", () => checkout.findJupyter(folder, python)],
    ["kernel registered", () => checkout.findKernelSpec(folder)],
    ["kernel answers", () => findKernelAnswer(folder, python)],
    ["plots", findPlots],
    ["data sets", () => checkout.findData(generatedFolder)],
    ["disk", () => checkout.findDisk(folder)],
  ];
}

/** "ok       Node               20.20.2"; what to do stands at the end, after an arrow. */
export function lineOf(what: string, { kind, found, remedy }: Finding): string {
  const advice = remedy === "" ? "" : ` -> ${remedy}`;
  return `${kind.padEnd(8)} ${what.padEnd(18)} ${found}${advice}`;
}
