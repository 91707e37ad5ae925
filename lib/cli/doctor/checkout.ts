/** What the set-up leaves in a checkout, looked at without changing it. `root` is its folder. */
import { createHash } from "crypto";
import { existsSync, readdirSync, readFileSync, statfsSync, statSync } from "fs";
import { createRequire } from "module";
import { join } from "path";
import { note, ok, problem } from "./finding";
import type { Finding } from "./finding";
import { outputOf } from "./programs";

const setUpAgain = "run `npm start`";

/** Every package of the lock file, in the locked version; npm notes what it installed. */
export function findPackages(root: string): Finding {
  const installed = lockedPackages(join(root, "node_modules", ".package-lock.json"));
  if (installed === undefined) return problem("not installed", setUpAgain);
  const locked = lockedPackages(join(root, "package-lock.json")) ?? {};
  const wrong = Object.keys({ ...locked, ...installed }).filter((name) => {
    // An optional package is for another machine, or could not be had: it may be missing.
    if (installed[name] === undefined) return locked[name]?.optional !== true;
    return installed[name]?.version !== locked[name]?.version;
  });
  if (wrong.length === 0) return ok(`${Object.keys(installed).length}, as locked`);
  return problem(`${wrong.length} differ from the lock file, first ${wrong[0]}`, setUpAgain);
}

type LockedPackages = Record<string, { version?: string; optional?: boolean }>;

function lockedPackages(file: string): LockedPackages | undefined {
  if (!existsSync(file)) return undefined;
  const { packages } = readJson(file) as { packages: LockedPackages };
  const entries = Object.entries(packages).filter(([name]) => name.startsWith("node_modules/"));
  return Object.fromEntries(entries.map(([name, entry]) => [name.slice(13), entry]));
}

/** The packages with compiled parts load; the kernel needs the first, the engines the second. */
export function findCompiledParts(root: string): Finding {
  const parts = [
    ["zeromq", join(root, "node_modules", "tslab", "package.json")],
    ["@duckdb/node-api", join(root, "package.json")],
  ] as const;
  for (const [name, from] of parts) {
    try {
      createRequire(from)(name);
    } catch (error) {
      const [why] = String((error as Error).message).split("\n");
      return problem(`${name} does not load: ${why}`, "see compiler, or " + setUpAgain);
    }
  }
  return ok("zeromq and DuckDB load");
}

/** The part of .tsbuildinfo that is read here; a file with type errors is noted as an array. */
interface CompilerNotes {
  readonly fileNames: readonly string[];
  readonly fileInfos: readonly (string | { version: string })[];
  readonly semanticDiagnosticsPerFile: readonly unknown[];
}

/** The compiler's own notes say from which texts lib/dist was made. */
export function findBuild(root: string): Finding {
  const dist = join(root, "lib", "dist");
  const notes = join(dist, ".tsbuildinfo");
  if (!existsSync(notes) || !existsSync(join(dist, "index.js"))) {
    return problem("not built", "run `npm run build`");
  }
  const { program } = readJson(notes) as { program: CompilerNotes };
  if (program.semanticDiagnosticsPerFile.some(Array.isArray)) {
    return problem("does not compile", "run `npm run build` and mend what it says");
  }
  const stale = program.fileNames.filter((name, index) => {
    const info = program.fileInfos[index];
    if (name.includes("node_modules") || info === undefined) return false;
    return hashOf(join(dist, name)) !== (typeof info === "string" ? info : info.version);
  });
  if (stale.length === 0) return ok("lib/dist is that of the sources");
  const first = stale[0]?.replace(/^(\.\.\/)+/, "lib/");
  return problem(`${stale.length} sources changed since, first ${first}`, "run `npm run build`");
}

function hashOf(file: string): string {
  return existsSync(file) ? createHash("sha256").update(readFileSync(file)).digest("hex") : "";
}

/** .venv holds every Python package in the pinned version. */
export function findJupyter(root: string, python: string): Finding {
  if (!existsSync(python)) return problem("no .venv", setUpAgain);
  const code = [
    "import importlib.metadata as m, sys, json",
    "print(json.dumps({d.metadata['Name'].lower(): d.version for d in m.distributions()}))",
  ].join("\n");
  const output = outputOf(python, ["-c", code]);
  if (output === undefined) return problem(".venv does not run", "remove .venv, " + setUpAgain);
  const installed = JSON.parse(output) as Record<string, string>;
  const requirements = readFileSync(join(root, "requirements.txt"), "utf8");
  for (const name of ["jupyterlab", "nbconvert", "nbclient"]) {
    const wanted = new RegExp(`^${name}==(\\S+)`, "m").exec(requirements)?.[1];
    const has = installed[name];
    if (has !== wanted) return problem(`${name} ${has ?? "missing"}, not ${wanted}`, setUpAgain);
  }
  return ok(`JupyterLab ${installed["jupyterlab"]}, nbconvert ${installed["nbconvert"]}`);
}

/** The kernel named tslab in .venv starts this checkout's launcher. */
export function findKernelSpec(root: string): Finding {
  const file = join(root, ".venv", "share", "jupyter", "kernels", "tslab", "kernel.json");
  if (!existsSync(file)) return problem("not registered", setUpAgain);
  const { argv } = readJson(file) as { argv: string[] };
  const launcher = join(root, "lib", "dist", "kernel", "launch.js");
  if (!argv.includes(launcher)) return problem("registered for another checkout", setUpAgain);
  const [node = ""] = argv;
  if (!existsSync(node)) return problem(`registered with ${node}, which is gone`, setUpAgain);
  return ok("tslab in .venv, for this checkout only");
}

/** The sets under `folder` (data/generated); a notebook makes one that is missing. */
export function findData(folder: string): Finding {
  const files = existsSync(folder)
    ? readdirSync(folder).filter((name) => name.endsWith(".csv"))
    : [];
  if (files.length === 0) return note("none yet", "run `npm run data`, or let a notebook make it");
  const bytes = files.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  return ok(`${files.join(", ")} (${(bytes / 1e6).toFixed(0)} MB)`);
}

/** Room for data sets and spills: 1 GB is the least, 5 GB lets the large benchmarks run. */
export function findDisk(root: string): Finding {
  const { bavail, bsize } = statfsSync(root);
  return judgeDisk((bavail * bsize) / 1e9);
}

export function judgeDisk(freeGb: number): Finding {
  const found = `${freeGb.toFixed(1)} GB free`;
  if (freeGb < 1) return problem(found, "free at least 1 GB");
  return freeGb < 5 ? note(found, "the 1 GB benchmarks need 5 GB") : ok(found);
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, "utf8"));
}
