import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { isPlainJson } from "dabbawala/basics";

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let i = 0; i < depth; i++) value = [value];
  return value;
}

describe("isPlainJson", () => {
  it("is true of all that JSON gives back as it was", () => {
    const json = fc.json({ maxDepth: 5 }).map((text) => JSON.parse(text) as unknown);
    fc.assert(
      fc.property(json, (value) => {
        const again = JSON.parse(JSON.stringify(value)) as unknown;
        expect(isPlainJson(again)).toBe(true);
        // `toStrictEqual` tells -0 from 0, and undefined from what is missing.
        if (isPlainJson(value)) expect(again).toStrictEqual(value);
      }),
    );
  });

  it.each([
    ["Infinity, which JSON makes of 1e400", JSON.parse("[1e400]")],
    ["NaN", { amount: NaN }],
    ["-0", [-0]],
    ["undefined in a list", [undefined]],
    ["a hole in a list", new Array(2)],
    ["undefined itself", undefined],
    ["a function", { run: () => 1 }],
    ["a large integer", 1n],
    ["a date", new Date(0)],
    ["a map", new Map()],
    ["101 lists in each other", nested(101)],
    ["what would overflow the stack", nested(200_000)],
  ])("is false of %s", (_, value) => {
    expect(isPlainJson(value)).toBe(false);
  });

  it("is true of 100 lists in each other, of names like __proto__, of a field undefined", () => {
    expect(isPlainJson(nested(100))).toBe(true);
    expect(isPlainJson(JSON.parse('{"__proto__": {"constructor": 1}}'))).toBe(true);
    expect(isPlainJson({ from: undefined })).toBe(true);
    expect(isPlainJson(Object.create(null))).toBe(true);
  });
});
