// The set-up that `npm start` and `npm test` share. Plain JavaScript without dependencies, because
// it runs on a fresh checkout, before anything is installed. Every step is skipped when its inputs
// are those of the last time (a stamp under .setup/).
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
export const venv = join(root, ".venv");
const bin = join(venv, process.platform === "win32" ? "Scripts" : "bin");

/** Ends the program with one sentence that says what is wrong and what to do. */
export function stop(sentence) {
  console.error(sentence);
  process.exit(1);
}

/** The environment in which the programs of .venv and node_modules are found first. */
export function environment() {
  const path = [bin, join(root, "node_modules", ".bin"), process.env.PATH].join(delimiter);
  return { ...process.env, PATH: path, JUPYTER_PREFER_ENV_PATH: "1" };
}

/** Runs a program; its output is printed only when it fails. Returns what it printed, or null. */
export function runStep(label, program, args) {
  const startMs = Date.now();
  const options = { cwd: root, encoding: "utf8", maxBuffer: 1 << 28, env: environment() };
  const result = spawnSync(program, args, options);
  const isOk = result.status === 0;
  const seconds = ((Date.now() - startMs) / 1000).toFixed(1);
  console.log(`${isOk ? "ok    " : "FAILED"} ${label} (${seconds} s)`);
  if (!isOk) console.log(`${result.stdout ?? ""}${result.stderr ?? ""}${result.error ?? ""}`);
  return isOk ? result.stdout : null;
}

function isDone(name, inputs) {
  const stamp = join(root, ".setup", name);
  return existsSync(stamp) && readFileSync(stamp, "utf8") === fingerprint(inputs);
}

function markDone(name, inputs) {
  mkdirSync(join(root, ".setup"), { recursive: true });
  writeFileSync(join(root, ".setup", name), fingerprint(inputs));
}

/** A hash of the texts, and of where this checkout lies: a moved checkout is set up again. */
function fingerprint(texts) {
  const hash = createHash("sha256").update(root);
  for (const text of texts) hash.update("\0").update(text);
  return hash.digest("hex");
}

export function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  stop(`Node ${process.versions.node} is too old: install Node 20.19 or newer from nodejs.org.`);
}

/** The first Python >= 3.10 on the PATH. PYTHON in the environment is tried before the others. */
export function findPython() {
  const candidates = [process.env.PYTHON, "python3", "python", "python3.13", "python3.12"];
  const seen = [];
  for (const candidate of candidates.filter(Boolean)) {
    const code = "import sys; print('%d.%d' % sys.version_info[:2])";
    const result = spawnSync(candidate, ["-c", code], { encoding: "utf8" });
    if (result.status !== 0) continue;
    const [major, minor] = result.stdout.trim().split(".").map(Number);
    if (major === 3 && minor >= 10) return candidate;
    seen.push(`${candidate} is ${result.stdout.trim()}`);
  }
  const found = seen.length > 0 ? `only ${seen.join(", ")}` : "none";
  return stop(`Python 3.10 or newer is needed and ${found} was found: install it from python.org.`);
}

/** Installs the locked npm packages. */
export function installPackages() {
  const inputs = [readFileSync(join(root, "package-lock.json"), "utf8")];
  if (isDone("packages", inputs) && existsSync(join(root, "node_modules"))) return;
  if (runStep("install the locked npm packages", "npm", ["ci", "--no-audit"]) === null) {
    stop("npm ci failed: check the network and the message above, then run the command again.");
  }
  checkNativeParts();
  markDone("packages", inputs);
}

/** zeromq comes with compiled parts for the usual machines; elsewhere it needs a compiler. */
function checkNativeParts() {
  try {
    createRequire(join(root, "node_modules", "tslab", "package.json"))("zeromq");
  } catch (error) {
    const why = error.message.split("\n")[0];
    stop(
      `zeromq has no compiled part for this machine (${why}): install a C++ compiler and CMake, ` +
        "then run `npm rebuild zeromq`.",
    );
  }
}

/** Makes .venv with the pinned Jupyter. */
export function installJupyter() {
  const inputs = [readFileSync(join(root, "requirements.txt"), "utf8")];
  if (isDone("jupyter", inputs) && existsSync(bin)) return;
  rmSync(venv, { recursive: true, force: true });
  if (runStep("make .venv", findPython(), ["-m", "venv", venv]) === null) {
    stop("Python has no working venv module: install it (Debian: `apt install python3-venv`).");
  }
  const args = ["-m", "pip", "install", "--disable-pip-version-check", "-q"];
  const python = join(bin, "python");
  if (runStep("install Jupyter", python, [...args, "-r", "requirements.txt"]) === null) {
    stop("pip install failed: check the network and the message above, then run it again.");
  }
  markDone("jupyter", inputs);
}

export function buildLibrary() {
  if (runStep("build the library", "npm", ["run", "-s", "build"]) === null) {
    stop("The library does not compile: mend the errors above.");
  }
}

/** Registers the kernel for this checkout only: in .venv, never in the user's home. */
export function registerKernel() {
  const kernel = createRequire(import.meta.url)(join(root, "lib", "dist", "kernel", "index.js"));
  kernel.installKernelSpec(venv);
}

/** Everything that a notebook needs before it can run. */
export function setUp() {
  checkNode();
  installPackages();
  installJupyter();
  buildLibrary();
  registerKernel();
}
