import { describe, expect, it } from "vitest";
import { inRange, oneOf, wholeInRange, withDefaults } from "dabbawala/basics";

describe("options", () => {
  const defaults = { nodes: 3, isSloppy: false, mode: "push", names: ["a"], server: null };

  it("have their defaults, where nothing or undefined was given", () => {
    const given = { nodes: 5, mode: undefined };
    expect(withDefaults("a test", defaults, given)).toEqual({ ...defaults, nodes: 5 });
    expect(withDefaults("a test", defaults, {})).not.toBe(defaults);
  });

  it("that nobody knows are named", () => {
    const given = { node: 5 };
    expect(() => withDefaults("a test", defaults, given as object)).toThrow(
      'a test has no option "node"',
    );
  });

  it.each([
    [{ isSloppy: "false" }, "isSloppy must be of the type boolean, but was of the type text"],
    [{ nodes: "5" }, "nodes must be of the type number, but was of the type text"],
    [{ names: "a" }, "names must be of the type list, but was of the type text"],
    [{ names: null }, "names must be of the type list, but was of the type null"],
    [{ mode: {} }, "mode must be of the type text, but was of the type object"],
  ])("of another type are refused: %j", (given, message) => {
    expect(() => withDefaults("a test", defaults, given as object)).toThrow(message);
  });

  it("whose default is null may be anything", () => {
    expect(withDefaults("a test", defaults, { server: "n1" } as object).server).toBe("n1");
  });
});

it("numbers and words out of their range are named with what is in it", () => {
  expect(() => inRange("rate", NaN, { min: 0, max: 1 })).toThrow("rate must be from 0 to 1");
  expect(() => wholeInRange("nodes", 1.5, { min: 0, max: 9 })).toThrow("nodes must be a whole");
  expect(oneOf("mode", "push", ["push", "pull"])).toBe("push");
  expect(() => oneOf("mode", "pul", ["push", "pull"] as string[])).toThrow(
    "mode must be one of push, pull, but was pul",
  );
});
