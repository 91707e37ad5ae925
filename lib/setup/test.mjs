// `npm test`: the set-up, then every check of the repository. The last line counts them.
import { runNpm } from "./packages.mjs";
import { endOf } from "./run-step.mjs";
import { setUp } from "./steps.mjs";

const checks = [
  ["format", "format:check"],
  ["lint", "lint"],
  ["types", "types"],
  ["layers", "layers"],
  ["notebook code and guide", "check-notebooks"],
  ["unit tests", "unit"],
  ["notebooks", "notebooks"],
];

await setUp();
const failed = [];
for (const [label, script] of checks) {
  const { isOk, output } = await runNpm(label, ["run", "-s", script]);
  if (isOk) continue;
  failed.push(label);
  console.log(endOf(output, 400));
}
if (failed.length > 0) console.log(`Mend: ${failed.join(", ")}.`);
console.log(`${checks.length - failed.length} passed, ${failed.length} failed`);
process.exit(failed.length === 0 ? 0 : 1);
