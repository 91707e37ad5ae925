/** A small checkout with the real set-up programs, and npm and Python played by shell scripts. */
import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const repository = join(__dirname, "..", "..");

/**
 * Does what npm would leave behind; NPM_SAYS makes it fail, NPM_HANGS stops it half way,
 * NPM_FAILS names the script that fails, NPM_HANGS_IN the one that does not end.
 */
const fakeNpm = `#!/bin/sh
PATH=/usr/bin:/bin
echo "npm $*" >> calls
for word in "$@"; do
  if [ "$word" = "$NPM_FAILS" ]; then echo "$word is broken"; exit 1; fi
  if [ "$word" = "$NPM_HANGS_IN" ]; then echo hanging >> calls; exec sleep 60; fi
done
if [ -n "$NPM_SAYS" ]; then echo "$NPM_SAYS" >&2; exit 1; fi
if [ "$1" = ci ]; then
  rm -rf node_modules
  mkdir -p node_modules/tslab node_modules/zeromq
  if [ -n "$NPM_HANGS" ]; then echo hanging >> calls; exec sleep 60; fi
  [ -n "$NO_ZEROMQ" ] || echo "" > node_modules/zeromq/index.js
  touch node_modules/.package-lock.json
fi
if [ "$1" = run ]; then
  mkdir -p lib/dist/kernel
  echo 'exports.installKernelSpec = (venv) => {
    require("fs").writeFileSync(venv + "/kernel.json", "{}");
  };' > lib/dist/kernel/index.js
fi
`;

/** PYTHON_VERSION, NO_VENV, PIP_SAYS and PIP_HANGS play what can be wrong. */
const fakePython = `#!/bin/sh
PATH=/usr/bin:/bin
here=$(dirname "$0")
case "$*" in
*version_info*) echo "\${PYTHON_VERSION:-3.11}" ;;
*find_spec*) [ -e "$here/jupyter" ] ;;
"-m venv "*)
  echo "venv" >> calls
  if [ -n "$NO_VENV" ]; then echo "ensurepip is not available"; exit 1; fi
  mkdir -p "$3/bin"
  cp "$0" "$3/bin/python" ;;
*"pip install"*)
  echo "pip" >> calls
  if [ -n "$PIP_SAYS" ]; then echo "$PIP_SAYS" >&2; exit 1; fi
  if [ -n "$PIP_HANGS" ]; then echo hanging >> calls; exec sleep 60; fi
  touch "$here/jupyter" ;;
*jupyterlab*) echo "lab $*" >> calls ;;
esac
`;

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Sent when the file \`calls\` tells that a fake program hangs. */
  readonly signalWhenHanging?: NodeJS.Signals;
}

export class Checkout {
  readonly root = mkdtempSync(join(tmpdir(), "dabbawala set-up "));
  readonly programs = join(this.root, "programs");

  constructor() {
    cpSync(join(repository, "lib", "setup"), join(this.root, "lib", "setup"), { recursive: true });
    mkdirSync(join(this.root, "lib", "bin"), { recursive: true });
    mkdirSync(this.programs);
    this.write("package-lock.json", "{}");
    this.write("requirements.txt", "jupyterlab==4.6.6\n");
    this.write(
      "lib/bin/dabbawala.cjs",
      'require("fs").appendFileSync("calls", "dabbawala " + process.argv[2] + "\\n");',
    );
    this.addProgram("npm", fakeNpm);
    this.addProgram("python3", fakePython);
  }

  write(file: string, text: string): void {
    writeFileSync(join(this.root, file), text);
  }

  addProgram(name: string, script: string): void {
    writeFileSync(join(this.programs, name), script, { mode: 0o755 });
  }

  remove(file: string): void {
    rmSync(join(this.root, file), { recursive: true });
  }

  has(file: string): boolean {
    return existsSync(join(this.root, file));
  }

  /** What the fake programs were asked since the last call. */
  calls(): string[] {
    if (!this.has("calls")) return [];
    const lines = readFileSync(join(this.root, "calls"), "utf8").trim().split("\n");
    this.remove("calls");
    return lines;
  }

  /** Runs `npm start` without npm, on a machine that has only this checkout's programs. */
  start(options: RunOptions = {}): Promise<Ended> {
    const file = join(this.root, "lib", "setup", "start.mjs");
    return this.run([file, "--no-browser", "--port", "18899", ...(options.args ?? [])], options);
  }

  run(words: readonly string[], { env, signalWhenHanging }: RunOptions = {}): Promise<Ended> {
    const preload = join(this.root, "lib", "setup", "node-version.cjs");
    const child = spawn(process.execPath, ["-r", preload, ...words], {
      cwd: this.root,
      env: { PATH: this.programs, HOME: this.root, ...env },
    });
    const output = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const) {
      child[name].on("data", (text) => (output[name] += text));
    }
    const watching = setInterval(() => {
      const calls = join(this.root, "calls");
      if (!existsSync(calls) || !readFileSync(calls, "utf8").includes("hanging")) return;
      clearInterval(watching);
      child.kill(signalWhenHanging);
    }, 20);
    if (signalWhenHanging === undefined) clearInterval(watching);
    return new Promise((resolve) => {
      child.on("close", (status) => resolve({ status, ...output }));
    });
  }

  discard(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
