import { expect, it } from "vitest";
import { jainIndex, quantileOf } from "dabbawala/basics";

it("Jain's index is 1 for equal shares, 1/n when one has all, 1 for none", () => {
  expect(jainIndex([5, 5, 5, 5])).toBe(1);
  expect(jainIndex([1, 0, 0, 0])).toBe(0.25);
  expect(jainIndex([0, 0])).toBe(1);
  expect(jainIndex([])).toBe(1);
});

it("a quantile is the smallest value that so many do not exceed", () => {
  expect([0.5, 0.99, 1].map((share) => quantileOf([3, 1, 2, 4], share))).toEqual([2, 4, 4]);
  expect(quantileOf([], 0.5)).toBe(0);
});
