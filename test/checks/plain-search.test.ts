import { describe, expect, it } from "vitest";
import { checkLinearizable, models } from "dabbawala/checks";
import { operationsOf } from "dabbawala/protocol";
import { plainSearch } from "./plain-search";
import { randomHistory, shapes } from "./random-history";

/** Longer than brute force can try: every rule that saves search must leave the verdict alone. */
describe("agrees with the plain search on longer histories", () => {
  const kinds = [
    "register",
    "unique register",
    "cas-register",
    "queue",
    "unique queue",
    "unique kv",
  ];
  it.each([...kinds, "lock"])("of %s", (kind) => {
    const seen = { true: 0, false: 0, undefined: 0 };
    for (let seed = 0; seed < 90; seed++) {
      const model = models[kind.replace("unique ", "")]!();
      const history = randomHistory(seed, model, {
        ...shapes[kind]!,
        processes: 3 + (seed % 6),
        operations: 15 + (seed % 30),
        lieRate: seed % 3 === 0 ? 0 : 0.04,
        // Left to the end, an operation of unknown outcome must be possible there: not all are.
        infoRate: kind.includes("register") ? 0.06 : 0,
      });
      const expected = plainSearch(operationsOf(history), model, 5_000);
      seen[`${expected}`]++;
      if (expected === undefined) continue;
      const kind_ = checkLinearizable(history, model).kind;
      expect([seed, kind_]).toEqual([seed, expected ? "linearizable" : "not linearizable"]);
    }
    expect(seen.true).toBeGreaterThan(10);
    if (kind !== "lock") expect(seen.false).toBeGreaterThan(10);
  });
});
