import { expect, it } from "vitest";
import { readTrustedClock } from "dabbawala/dist/protocol/trusted-clock";

it("goes on from the agreed time, and takes no leaps: not ahead, not back", () => {
  const clock = { timeMs: 0, lookedMs: null };
  const read = (nowMs: number, agreedMs = 100): number =>
    readTrustedClock(clock, { nowMs, agreedMs, maxStepMs: 20 });
  expect(read(5_000)).toBe(100);
  expect(read(5_010)).toBe(110);
  expect(read(9_999_999)).toBe(130);
  expect(read(50)).toBe(130);
  expect(read(55)).toBe(135);
  expect(read(56, 500)).toBe(500);
});
