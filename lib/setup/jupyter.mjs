// The Python side of the set-up: a .venv of this checkout with the pinned Jupyter.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDone, markBegun, markDone, root, stop, venv, venvPython } from "./checkout.mjs";
import { diskFailure, isNetworkFailure } from "./failures.mjs";
import { endOf, runStep } from "./run-step.mjs";

const venvSentence =
  "This Python has no working venv module: install it (Debian and Ubuntu: " +
  "`apt install python3-venv`), then run this again.";
const candidates = ["python3", "python", "python3.13", "python3.12", "python3.11", "python3.10"];

/** Makes .venv with the pinned Jupyter, or leaves the whole one that is there. */
export async function installJupyter() {
  const inputs = [readFileSync(join(root, "requirements.txt"), "utf8")];
  if (isDone("jupyter", inputs) && hasJupyter()) return;
  const python = findPython();
  markBegun("jupyter");
  rmSync(venv, { recursive: true, force: true });
  const made = await runStep("make .venv", python, ["-m", "venv", venv]);
  if (!made.isOk) stop(diskFailure(made.output) ?? venvSentence);
  const options = ["--disable-pip-version-check", "-q", "--retries", "2", "--timeout", "20"];
  const args = ["-m", "pip", "install", ...options, "-r", "requirements.txt"];
  const { isOk, output } = await runStep("install Jupyter", venvPython, args);
  if (!isOk) stop(diskFailure(output) ?? whyPipFailed(output));
  markDone("jupyter", inputs);
}

/** False too when the Python that made .venv has been removed or replaced by a newer one. */
function hasJupyter() {
  if (!existsSync(venvPython)) return false;
  const code = "import importlib.util as u, sys; sys.exit(u.find_spec('jupyterlab') is None)";
  return spawnSync(venvPython, ["-c", code]).status === 0;
}

/** The first Python >= 3.10 on the PATH. PYTHON in the environment is tried before the others. */
function findPython() {
  const seen = [];
  for (const candidate of [process.env.PYTHON, ...candidates].filter(Boolean)) {
    const code = "import sys; print('%d.%d' % sys.version_info[:2])";
    const result = spawnSync(candidate, ["-c", code], { encoding: "utf8" });
    if (result.status !== 0) continue;
    const [major, minor] = result.stdout.trim().split(".").map(Number);
    if (major === 3 && minor >= 10) return candidate;
    seen.push(`${candidate} is ${result.stdout.trim()}`);
  }
  const found = seen.length > 0 ? `only ${seen.join(", ")}` : "none";
  return stop(
    `Python 3.10 or newer is needed and ${found} was found: install it from ` +
      "https://python.org, or name it (PYTHON=/path/to/python3 npm start).",
  );
}

function whyPipFailed(output) {
  if (isNetworkFailure(output)) {
    return (
      "The Python package index cannot be reached: check the network, the proxy and " +
      "`pip config list`, then run this again."
    );
  }
  return `${endOf(output)}\npip install failed: mend what pip says above, then run this again.`;
}

/** JupyterLab of this checkout asks for no news and looks for no updates: it is pinned. */
export function quietJupyterLab() {
  const folder = join(venv, "share", "jupyter", "lab", "settings");
  mkdirSync(folder, { recursive: true });
  const settings = {
    "@jupyterlab/apputils-extension:notification": { fetchNews: "false", checkForUpdates: false },
  };
  writeFileSync(join(folder, "overrides.json"), JSON.stringify(settings, null, 2) + "\n");
}
