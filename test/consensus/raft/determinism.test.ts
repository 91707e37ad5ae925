import { execFileSync } from "child_process";
import { join } from "path";
import { expect, it } from "vitest";

it("50 seeds give the same traces, to the byte, in two processes without clock or chance", () => {
  const run = (): string[] => {
    const script = join(__dirname, "trace-hash.cjs");
    const text = execFileSync(process.execPath, [script, "1", "50"], { encoding: "utf8" });
    return text.trim().split("\n");
  };
  const hashes = run();
  expect(hashes).toHaveLength(50);
  expect(new Set(hashes.map((line) => line.split(" ")[1])).size).toBe(50);
  expect(run()).toEqual(hashes);
});
