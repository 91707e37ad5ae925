import { Random } from "dabbawala/basics";
import {
  firstIndexOfTerm,
  lastIndexOf,
  lastIndexUpToTerm,
  termAt,
} from "dabbawala/dist/consensus/raft/log";
import type { Log } from "dabbawala/dist/consensus/raft/log";
import { describe, expect, it } from "vitest";

/** Terms never fall along a log. */
function randomLog(random: Random): Log {
  let term = random.below(3);
  const [baseIndex, baseTerm] = [random.below(5), term];
  const entries = Array.from({ length: random.below(12) }, () => {
    term += random.chance(0.4) ? 1 + random.below(2) : 0;
    return { kind: "noop", term } as const;
  });
  return { baseIndex, baseTerm, entries };
}

describe("searches by term agree with a look at every entry", () => {
  const random = new Random(1);

  it.each([["500 logs", 500]])("%s", (_, logs) => {
    for (let i = 0; i < logs; i++) {
      const log = randomLog(random);
      const indexes = Array.from({ length: log.entries.length + 1 }, (__, n) => log.baseIndex + n);
      const term = random.below(12);
      const from = log.baseIndex + random.below(15);
      const upTo = indexes.filter((n) => n <= from && (termAt(log, n) as number) <= term);
      expect(lastIndexUpToTerm(log, term, from)).toBe(Math.max(log.baseIndex, ...upTo));
      const index = random.pick(indexes);
      const same = indexes.filter(
        (n) => n > log.baseIndex && termAt(log, n) === termAt(log, index),
      );
      expect(firstIndexOfTerm(log, index)).toBe(Math.min(index, ...same));
      expect(lastIndexOf(log)).toBe(log.baseIndex + log.entries.length);
    }
  });
});
