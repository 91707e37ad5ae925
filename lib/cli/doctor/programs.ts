/** The programs that the set-up needs: Node, npm, Python with venv, and for some a compiler. */
import { spawnSync } from "child_process";
import { note, ok, problem } from "./finding";
import type { Finding } from "./finding";

/** Whether that version of Node ("20.19.1") is new enough. */
export function findNode(version: string): Finding {
  if (isAtLeast(version, [20, 19])) return ok(version);
  return problem(`${version}, too old`, "install Node 20.19 or newer from https://nodejs.org");
}

export function findNpm(): Finding {
  const version = outputOf("npm", ["--version"]);
  if (version !== undefined) return ok(version);
  return problem("not found", "install Node with npm from https://nodejs.org");
}

/** Any Python >= 3.10 on the PATH, or named by PYTHON, that can make a venv. */
export function findPython(): Finding {
  const remedy = "install Python 3.10 or newer from https://python.org, or name one in PYTHON";
  const seen: string[] = [];
  for (const name of [process.env["PYTHON"], "python3", "python"]) {
    const version =
      name && outputOf(name, ["-c", "import platform as p; print(p.python_version())"]);
    if (!name || !version) continue;
    if (!isAtLeast(version, [3, 10])) seen.push(`${name} is ${version}`);
    else if (outputOf(name, ["-c", "import venv, ensurepip"]) !== undefined) {
      return ok(`${version} with venv`);
    } else return problem(`${version} without venv`, "install it (Debian: python3-venv)");
  }
  return problem(seen.length > 0 ? `too old: ${seen.join(", ")}` : "not found", remedy);
}

/** A compiler matters only where a package has no compiled part for this machine. */
export function findCompiler(hasCompiledParts: boolean): Finding {
  const compiler = ["c++", "g++", "clang++"].find((name) => outputOf(name, ["--version"]));
  if (hasCompiledParts) return ok(`${compiler ?? "none"}; not needed`);
  if (compiler !== undefined) return note(compiler, "run `npm rebuild zeromq`");
  return problem("none, and one is needed", "install a C++ compiler and CMake");
}

/** What the program prints, trimmed; undefined where it is missing or fails. */
export function outputOf(program: string, args: readonly string[]): string | undefined {
  const result = spawnSync(program, args, { encoding: "utf8" });
  return result.status === 0 ? result.stdout.trim() : undefined;
}

function isAtLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const [ours = 0, oursMinor = 0] = version.split(".").map(Number);
  return ours > major || (ours === major && oursMinor >= minor);
}
