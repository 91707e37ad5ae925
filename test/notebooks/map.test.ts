import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const root = join(__dirname, "..", "..");
const introductions = ["00-start-here", "TEMPLATE"];

it("every notebook is a system of the map, and the first notebook links to it", () => {
  const planned = readFileSync(join(root, "data/systems.csv"), "utf8").split("\n").slice(1, -1);
  const names = planned.map((line) => line.slice(line.lastIndexOf(",") + 1));
  const start = readFileSync(join(root, "notebooks/00-start-here.ipynb"), "utf8");
  const written = readdirSync(join(root, "notebooks"))
    .filter((file) => file.endsWith(".ipynb"))
    .map((file) => file.slice(0, -".ipynb".length))
    .filter((name) => !introductions.includes(name));
  expect(planned).toHaveLength(53);
  expect(written.filter((name) => !names.includes(name))).toEqual([]);
  expect(written.filter((name) => !start.includes(`(${name}.ipynb)`))).toEqual([]);
});
