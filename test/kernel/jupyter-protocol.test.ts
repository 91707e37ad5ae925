import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { kernelSpec } from "dabbawala/kernel";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = join(__dirname, "..", "..");
const python = join(root, ".venv", "bin", "python");
const name = "dabbawala-under-test";

/** Every test of jupyter_kernel_test 0.7.0 that applies. */
const applicable = [
  "clear_output",
  "completion",
  "display_data",
  "error",
  "execute_result",
  "execute_stderr",
  "execute_stdout",
  "history",
  "inspect",
  "is_complete",
  "kernel_info",
];
const notApplicable = {
  pager: "the pager is IPython's answer to `object?`; nothing in TypeScript asks for one",
  recv_iopub_welcome_msg:
    "the message needs an XPUB socket; tslab binds a PUB socket, which the protocol allows",
};

let folder: string;
let output: string;

/** What the Python test said of itself: "ok", "FAIL", "ERROR" or "skipped ...". */
const verdict = (test: string): string | undefined =>
  new RegExp(`^test_${test} .*\\.\\.\\. (\\w+)`, "m").exec(output)?.[1];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "dabbawala-spec-"));
  const spec = join(folder, "kernels", name);
  mkdirSync(spec, { recursive: true });
  writeFileSync(join(spec, "kernel.json"), JSON.stringify(kernelSpec()));
  output = await runTests();
}, 240_000);
afterAll(() => rmSync(folder, { recursive: true }));

function runTests(): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(python, [join(__dirname, "jupyter-protocol.py"), "-v"], {
      cwd: join(root, "notebooks"),
      env: { ...process.env, JUPYTER_PATH: folder, KERNEL_UNDER_TEST: name },
    });
    let text = "";
    child.stderr.on("data", (chunk) => (text += String(chunk)));
    child.once("error", () => reject(new Error(`${python} is missing: run npm start first`)));
    child.once("close", () => resolve(text));
  });
}

describe("jupyter_kernel_test", () => {
  for (const test of applicable) {
    it(test, () => expect(verdict(test), output).toBe("ok"));
  }

  for (const [test, reason] of Object.entries(notApplicable)) {
    it(`${test} does not apply: ${reason}`, () => {
      expect(["skipped", undefined], output).toContain(verdict(test));
    });
  }

  it("has no test that is not named here", () => {
    const tests = [...output.matchAll(/^test_(\w+) .*\.\.\. /gm)].map((match) => match[1]);
    expect(tests.length).toBeGreaterThan(0);
    expect([...applicable, ...Object.keys(notApplicable)]).toEqual(expect.arrayContaining(tests));
  });
});
