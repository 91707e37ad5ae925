import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { dataSets, sampleSpecs, samplesFolder, writeSamples } from "dabbawala/generators";

const folder = mkdtempSync(join(tmpdir(), "dabbawala-samples-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("committed samples", () => {
  it("are what the generator makes, byte for byte (npx dabbawala data --samples)", async () => {
    await writeSamples(folder);
    const files = readdirSync(folder).sort();
    expect(readdirSync(samplesFolder).sort()).toEqual(files);
    for (const file of files) {
      const isSame = readFileSync(join(folder, file)).equals(
        readFileSync(join(samplesFolder, file)),
      );
      expect([file, isSame]).toEqual([file, true]);
    }
  });

  it("are of every data set and at most 1 MB each", () => {
    expect(Object.keys(sampleSpecs).sort()).toEqual(Object.keys(dataSets).sort());
    for (const file of readdirSync(samplesFolder)) {
      expect(statSync(join(samplesFolder, file)).size).toBeLessThanOrEqual(2 ** 20);
    }
  });

  it("have every column in the dictionary, in the section of the data set", () => {
    const dictionary = readFileSync(join(samplesFolder, "..", "README.md"), "utf8");
    const sections = dictionary.split("\n## ");
    for (const [name, { csvHeader }] of Object.entries(dataSets)) {
      const section = sections.find((text) => text.startsWith(`\`${name}\``)) ?? "";
      const rows = section.split("\n").filter((line) => line.startsWith("| `"));
      const told = rows.flatMap((line) => [...line.split("|")[1]!.matchAll(/`(\w+)`/g)]);
      expect(told.map((match) => match[1])).toEqual(csvHeader.trim().split(","));
    }
  });

  it("are told in the dictionary with their rows, seed and faults", () => {
    const dictionary = readFileSync(join(samplesFolder, "..", "README.md"), "utf8");
    for (const [name, { rows, seed, faults }] of Object.entries(sampleSpecs)) {
      const line =
        dictionary.split("\n").find((text) => text.startsWith(`| \`${name}.csv\``)) ?? "";
      const cells = line.split("|").map((cell) => cell.trim());
      const count = rows.toLocaleString("en");
      expect(cells.slice(2, 5)).toEqual([count, String(seed), faults ? String(faults) : "none"]);
    }
  });
});
