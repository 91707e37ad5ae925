/**
 * Gives every test file a temporary folder of its own: files run at the same time, and some look
 * for what a failed or killed job has left behind.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

const before = process.env["TMPDIR"];
const folder = mkdtempSync(join(tmpdir(), "dabbawala-test-"));
process.env["TMPDIR"] = folder;

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  if (before === undefined) delete process.env["TMPDIR"];
  else process.env["TMPDIR"] = before;
});
