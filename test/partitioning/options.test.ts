/** An option that does not exist is refused by name, whoever is asked. */
import { comparePlacements, measureHops } from "dabbawala/partitioning";
import { expect, it } from "vitest";

const typo = { seed: 1, colour: "red" };

it.each([
  ["comparePlacements", () => comparePlacements(typo)],
  ["measureHops", () => measureHops({ nodes: 2, ...typo })],
])("%s has no option that nobody knows", (owner, ask) => {
  expect(ask).toThrow(`${owner} has no option "colour"`);
});
