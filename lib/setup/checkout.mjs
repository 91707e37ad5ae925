// Where things lie in this checkout, and what the set-up has done in it. Plain JavaScript without
// dependencies, like all of this folder: it runs before anything is installed.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
export const venv = join(root, ".venv");
const isWindows = process.platform === "win32";
export const venvPrograms = join(venv, isWindows ? "Scripts" : "bin");
export const venvPython = join(venvPrograms, isWindows ? "python.exe" : "python");
export const notes = join(root, ".setup");

/** Ends the program with one sentence that says what is wrong and what to do. */
export function stop(sentence) {
  console.error(sentence);
  process.exit(1);
}

/** The environment in which the programs of .venv and node_modules are found first. */
export function environment() {
  const path = [venvPrograms, join(root, "node_modules", ".bin"), process.env.PATH];
  return { ...process.env, PATH: path.join(delimiter), JUPYTER_PREFER_ENV_PATH: "1" };
}

/** True when the step `name` was finished with these same inputs. */
export function isDone(name, inputs) {
  const stamp = join(notes, name);
  return existsSync(stamp) && readFileSync(stamp, "utf8") === fingerprint(inputs);
}

/** Forgets the step before it begins: one that is interrupted is done again. */
export function markBegun(name) {
  mkdirSync(notes, { recursive: true });
  rmSync(join(notes, name), { force: true });
}

export function markDone(name, inputs) {
  mkdirSync(notes, { recursive: true });
  writeFileSync(join(notes, name), fingerprint(inputs));
}

/** A hash of the texts, and of where this checkout lies: a moved checkout is set up again. */
function fingerprint(texts) {
  const hash = createHash("sha256").update(root);
  for (const text of texts) hash.update("\0").update(text);
  return hash.digest("hex");
}
