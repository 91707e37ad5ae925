import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import * as everything from "dabbawala/dist/index";

const library = join(__dirname, "..", "..", "lib");

function runNode(...args: string[]): string {
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: library, encoding: "utf8" });
  expect(stderr).toBe("");
  return stdout.trim();
}

describe("the root of the library", () => {
  it("has every namespace, for require and for ES modules", () => {
    const names = Object.keys(everything)
      .filter((name) => name !== "default")
      .sort()
      .join();
    expect(names).toContain("batch");
    expect(runNode("-p", "Object.keys(require('dabbawala')).sort().join()")).toBe(names);
    const program = "import * as all from 'dabbawala'; console.log(Object.keys(all).sort().join())";
    const seen = runNode("--input-type=module", "-e", program).split(",");
    expect(
      seen.filter((name) => !["default", "__esModule", "module.exports"].includes(name)),
    ).toEqual(names.split(","));
  });

  it("loads a namespace when it is used, and only that", () => {
    const loaded = "Object.keys(require.cache).filter((file) => /lib.dist/.test(file))";
    const program = `const { protocol } = require("dabbawala"); console.log(${loaded}.length);
      console.log(typeof protocol.step, ${loaded}.some((file) => /batch|generators/.test(file)))`;
    const [count, step] = runNode("-e", program).split("\n");
    expect(Number(count)).toBeLessThan(35);
    expect(step).toBe("function false");
  });

  it.each(["", "/batch", "/figures", "/generators", "/checks"])(
    "dabbawala%s loads no heavy package before it is used",
    (name) => {
      const heavy = "/node_modules.(vega|vega-lite|danfojs-node|@duckdb|typescript|tslab)\\b/";
      const program = `require("dabbawala${name}");
        console.log(Object.keys(require.cache).filter((file) => ${heavy}.test(file)).join())`;
      expect(runNode("-e", program)).toBe("");
    },
  );
});
