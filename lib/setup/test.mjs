// `npm test`: the set-up, then every check of the repository. The last line counts them.
import { runStep, setUp } from "./steps.mjs";

setUp();
const checks = [
  ["format", ["npm", "run", "-s", "format:check"]],
  ["lint", ["npm", "run", "-s", "lint"]],
  ["types", ["npm", "run", "-s", "types"]],
  ["layers", ["npm", "run", "-s", "layers"]],
  ["unit tests", ["npm", "run", "-s", "unit"]],
  ["notebooks", ["npm", "run", "-s", "notebooks"]],
];
const failed = checks.filter(([label, [program, ...args]]) => {
  return runStep(label, program, args) === null;
});
if (failed.length > 0) console.log(`Mend: ${failed.map(([label]) => label).join(", ")}.`);
console.log(`${checks.length - failed.length} passed, ${failed.length} failed`);
process.exit(failed.length === 0 ? 0 : 1);
