import { describe, expect, it } from "vitest";
import { isVerhoeffValid, verhoeffDigit } from "dabbawala/generators";
import { verhoeffDigitOf11 } from "dabbawala/dist/generators/aadhaar/verhoeff";
import { Random } from "dabbawala/basics";

describe("Verhoeff check digit", () => {
  it("gives the digits that are published, and those of npm's node-verhoeff", () => {
    const digits = { "236": 3, "12345": 1, "142857": 0, "8473643095483728456789": 2 };
    for (const [text, digit] of Object.entries(digits)) expect(verhoeffDigit(text)).toBe(digit);
  });

  it("finds every wrong digit and every swap of two neighbours", () => {
    const random = new Random(11);
    let tried = 0;
    for (let i = 0; i < 300; i++) {
      const payload = Array.from({ length: 11 }, () => random.below(10)).join("");
      const valid = payload + verhoeffDigit(payload);
      expect(isVerhoeffValid(valid)).toBe(true);
      for (const wrong of [...wrongDigits(valid), ...swaps(valid)]) {
        if (isVerhoeffValid(wrong)) expect.fail(`${wrong} passes for ${valid}`);
        tried++;
      }
    }
    expect(tried).toBeGreaterThan(30_000);
  });

  it("is the same from a number as from its digits", () => {
    const random = new Random(12);
    for (let i = 0; i < 2_000; i++) {
      const value = Math.floor(random.next() * 1e11);
      expect(verhoeffDigitOf11(value)).toBe(verhoeffDigit(String(value).padStart(11, "0")));
    }
  });

  it("takes nothing but digits", () => {
    for (const text of ["", "12 3", "12a3", "-2363"]) expect(isVerhoeffValid(text)).toBe(false);
  });
});

function* wrongDigits(valid: string): Generator<string> {
  for (let at = 0; at < valid.length; at++) {
    for (let digit = 0; digit < 10; digit++) {
      if (valid[at] !== String(digit)) yield valid.slice(0, at) + digit + valid.slice(at + 1);
    }
  }
}

function* swaps(valid: string): Generator<string> {
  for (let at = 0; at + 1 < valid.length; at++) {
    const [a, b] = [valid[at]!, valid[at + 1]!];
    if (a !== b) yield valid.slice(0, at) + b + a + valid.slice(at + 2);
  }
}
