import { afterEach, beforeEach, expect, it } from "vitest";
import { Checkout } from "./checkout";
import type { Ended, RunOptions } from "./checkout";

let checkout: Checkout;
beforeEach(() => {
  checkout = new Checkout();
});
afterEach(() => checkout.discard());

function npmTest(options?: RunOptions): Promise<Ended> {
  return checkout.run([`${checkout.root}/lib/setup/test.mjs`], options);
}

it("npm test sets up without data, then runs every check and counts them in the last line", async () => {
  const { status, stdout } = await npmTest();
  const scripts = checkout.calls().filter((call) => call.startsWith("npm run -s "));
  const names = scripts.map((call) => call.slice("npm run -s ".length));
  expect(names).toEqual(
    expect.arrayContaining(["format:check", "lint", "types", "layers", "unit"]),
  );
  expect(names[0]).toBe("build");
  expect(names.at(-1)).toBe("notebooks");
  expect(stdout.trim().split("\n").at(-1)).toBe(`${names.length - 1} passed, 0 failed`);
  expect(status).toBe(0);
});

it("npm test shows what failed, goes on, and fails", async () => {
  const { status, stdout } = await npmTest({ env: { NPM_FAILS: "lint" } });
  expect(checkout.calls()).toContain("npm run -s notebooks");
  expect(stdout).toMatch(/^FAILED lint \([\d.]+ s\) *\nlint is broken$/m);
  expect(stdout).toMatch(/Mend: lint\.\n\d+ passed, 1 failed\n$/);
  expect(status).toBe(1);
});

it("Ctrl-C ends the checks that run, and is told once", async () => {
  const env = { NPM_HANGS_IN: "lint" };
  const { status, stdout, stderr } = await npmTest({ env, signalWhenHanging: "SIGINT" });
  expect(stderr).toMatch(/^\nInterrupted: run the same command again[^\n]*\n$/);
  expect(stdout).not.toContain("passed");
  expect(checkout.calls()).not.toContain("npm run -s notebooks");
  expect(status).toBe(130);
});
