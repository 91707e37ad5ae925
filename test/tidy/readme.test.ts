/** What the README names exists: commands, options' programs, files. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { read, root } from "./repository";

const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
const commands = [...read("lib/cli/index.ts").matchAll(/^ {2}"?([\w-]+)"?: \(\) =>/gm)].map(
  ([, name]) => name,
);

function wordsAfter(text: string, prefix: string): string[] {
  return [...text.matchAll(new RegExp(`${prefix} ([a-z]+(?:[:-][a-z]+)*)`, "g"))].map(
    (match) => match[1] ?? "",
  );
}

describe.each(["README.md", "lib/README.md"])("%s", (path) => {
  const text = read(path);

  it("names scripts that exist", () => {
    const named = wordsAfter(text, "npm run");
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  it("names sub-commands that exist", () => {
    const named = wordsAfter(text, "npx dabbawala");
    expect(named.filter((name) => !commands.includes(name))).toEqual([]);
  });

  it("names files and folders that exist", () => {
    const pattern = /[`(]((?:lib|test|notebooks)\/[\w./-]*)/g;
    const named = [...text.matchAll(pattern)].map((match) => match[1] ?? "");
    expect(named.filter((name) => !existsSync(join(root, name)))).toEqual([]);
  });
});

it("the README names every script and every sub-command", () => {
  const text = read("README.md");
  const hidden = Object.keys(scripts).filter((name) => {
    return !text.includes(`npm run ${name}`) && !text.includes(`npm ${name}`);
  });
  expect(hidden).toEqual([]);
  expect(commands.length).toBeGreaterThan(3);
  expect(commands.filter((name) => !text.includes(`npx dabbawala ${name}`))).toEqual([]);
});
