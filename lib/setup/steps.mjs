// The set-up that `npm start` and `npm test` share. Plain JavaScript without dependencies, because
// it runs on a fresh checkout, before anything is installed.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** Ends the program with one sentence that says what is wrong and what to do. */
export function stop(sentence) {
  console.error(sentence);
  process.exit(1);
}

export function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  stop(`Node ${process.versions.node} is too old: install Node 20.19 or newer from nodejs.org.`);
}

/** Runs a program; its output is printed only when it fails. Returns whether it succeeded. */
export function runStep(label, program, args) {
  const startMs = Date.now();
  const result = spawnSync(program, args, { cwd: root, encoding: "utf8", maxBuffer: 1 << 28 });
  const isOk = result.status === 0;
  const seconds = ((Date.now() - startMs) / 1000).toFixed(1);
  console.log(`${isOk ? "ok    " : "FAILED"} ${label} (${seconds} s)`);
  if (!isOk) console.log(`${result.stdout ?? ""}${result.stderr ?? result.error ?? ""}`);
  return isOk;
}

/** Installs the locked packages, unless the lock file is the one that was installed last. */
export function installPackages() {
  const stamp = join(root, ".setup", "packages");
  const lock = createHash("sha256").update(readFileSync(join(root, "package-lock.json")));
  const wanted = lock.digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  if (!runStep("install the locked packages", "npm", ["ci", "--no-audit"])) {
    stop("npm ci failed: check the network and run the command again.");
  }
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, wanted);
}

export function buildLibrary() {
  if (!runStep("build the library", "npm", ["run", "-s", "build"])) {
    stop("The library does not compile: mend the errors above.");
  }
}
