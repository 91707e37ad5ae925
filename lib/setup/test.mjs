// `npm test`: the set-up, then every check of the repository. The last line counts them.
import { runNpm } from "./packages.mjs";
import { endOf } from "./run-step.mjs";
import { setUp } from "./steps.mjs";

/** Each of these keeps one core busy: two run at a time. */
const ofOneCore = [
  ["format", "format:check"],
  ["lint", "lint"],
  ["types", "types"],
  ["layers", "layers"],
  ["notebook code and guide", "check-notebooks"],
];
/** These use the cores themselves. */
const ofAllCores = [
  ["unit tests", "unit"],
  ["notebooks", "notebooks"],
];

const failed = [];

/** Runs the checks one after another; several callers share a list. */
async function runChecks(waiting) {
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const [label, script] = next;
    const { isOk, output } = await runNpm(label, ["run", "-s", script]);
    if (isOk) continue;
    failed.push(label);
    console.log(endOf(output, 400));
  }
}

await setUp();
const count = ofOneCore.length + ofAllCores.length;
await Promise.all([runChecks(ofOneCore), runChecks(ofOneCore)]);
await runChecks(ofAllCores);
if (failed.length > 0) console.log(`Mend: ${failed.join(", ")}.`);
console.log(`${count - failed.length} passed, ${failed.length} failed`);
process.exit(failed.length === 0 ? 0 : 1);
