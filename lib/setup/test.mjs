// `npm test`: set-up, then every check of the repository.
import { buildLibrary, checkNode, installPackages, runStep, stop } from "./steps.mjs";

checkNode();
installPackages();
buildLibrary();

const checks = [
  ["format", "npm", ["run", "-s", "format:check"]],
  ["lint", "npm", ["run", "-s", "lint"]],
  ["types", "npm", ["run", "-s", "types"]],
  ["layers", "npm", ["run", "-s", "layers"]],
  ["unit tests", "npm", ["run", "-s", "unit"]],
];
const failed = checks.filter(([label, program, args]) => !runStep(label, program, args));
console.log(`${checks.length - failed.length} passed, ${failed.length} failed`);
if (failed.length > 0) stop(`Mend: ${failed.map(([label]) => label).join(", ")}.`);
