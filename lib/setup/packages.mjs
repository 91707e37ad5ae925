// The npm side of the set-up: the locked packages, their compiled parts, and the built library.
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { isDone, markBegun, markDone, root, stop } from "./checkout.mjs";
import { diskFailure, isNetworkFailure } from "./failures.mjs";
import { endOf, runStep } from "./run-step.mjs";

/** Runs npm: the one that runs this program, else the one on the PATH. */
export function runNpm(label, args) {
  const running = process.env.npm_execpath ?? "";
  if (basename(running) === "npm-cli.js" && existsSync(running)) {
    return runStep(label, process.execPath, [running, ...args]);
  }
  return runStep(label, "npm", args);
}

/** Installs the locked packages, from npm's cache where it has them. */
export async function installPackages() {
  const inputs = [readFileSync(join(root, "package-lock.json"), "utf8")];
  // npm writes this file last: without it, an install was broken off.
  const isWhole = existsSync(join(root, "node_modules", ".package-lock.json"));
  if (isWhole && isDone("packages", inputs)) return;
  markBegun("packages");
  // Waits of one second and two; npm's own factor of ten would make the second one ten.
  const quick = ["--fetch-retries=2", "--fetch-retry-mintimeout=1000", "--fetch-retry-factor=2"];
  const args = ["ci", "--no-audit", "--no-fund", "--prefer-offline", ...quick];
  const { isOk, output } = await runNpm("install the locked npm packages", args);
  if (!isOk) stop(diskFailure(output) ?? whyNpmFailed(output));
  checkNativeParts();
  markDone("packages", inputs);
}

function whyNpmFailed(output) {
  if (output.includes("spawn npm ENOENT")) {
    return "npm was not found: install Node 20.19 or newer with npm from https://nodejs.org.";
  }
  if (isNetworkFailure(output)) {
    return (
      "The npm registry cannot be reached: check the network, the proxy and " +
      "`npm config get registry`, then run this again."
    );
  }
  return `${endOf(output)}\nnpm ci failed: mend what npm says above, then run this again.`;
}

/** zeromq comes with compiled parts for the usual machines; elsewhere it needs a compiler. */
function checkNativeParts() {
  try {
    createRequire(join(root, "node_modules", "tslab", "package.json"))("zeromq");
  } catch (error) {
    const why = error.message.split("\n")[0];
    stop(
      `zeromq has no compiled part for this machine (${why}): install a C++ compiler and CMake, ` +
        "then run `npm rebuild zeromq` and this again.",
    );
  }
}

/** Compiles the library; the compiler itself skips what has not changed. */
export async function buildLibrary() {
  const { isOk, output } = await runNpm("build the library", ["run", "-s", "build"]);
  if (!isOk) stop(`${endOf(output)}\nThe library does not compile: mend the errors above.`);
}
