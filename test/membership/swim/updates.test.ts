/** The order of updates: the whole table of section 4.2, and what it makes of any order of news. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { paperOrder, rejoinOrder } from "dabbawala/membership";
import type { MemberStatus, Standing, UpdateOrder } from "dabbawala/membership";

const statuses: readonly MemberStatus[] = ["alive", "suspect", "dead", "left"];
const incarnations = [0, 1, 2, 3];
const standings: readonly Standing[] = statuses.flatMap((status) =>
  incarnations.map((incarnation) => ({ status, incarnation })),
);
const pairs = standings.flatMap((heard) => standings.map((known) => [heard, known] as const));

type Rule = (i: number, j: number) => boolean;
const higher: Rule = (i, j) => i > j;
const notLower: Rule = (i, j) => i >= j;
const always: Rule = () => true;
const never: Rule = () => false;

/** "alive,suspect": when an alive(i) overrides a suspect(j). */
const living: Readonly<Record<string, Rule>> = {
  "alive,alive": higher,
  "alive,suspect": higher,
  "suspect,alive": notLower,
  "suspect,suspect": higher,
};
const paper: Readonly<Record<string, Rule>> = {
  ...living,
  ...{ "dead,alive": always, "dead,suspect": always, "left,alive": always, "left,suspect": always },
  ...{ "alive,dead": never, "suspect,dead": never, "dead,dead": never, "left,dead": never },
  ...{ "alive,left": never, "suspect,left": never, "dead,left": never, "left,left": never },
};
const rejoin: Readonly<Record<string, Rule>> = {
  ...living,
  ...{ "dead,alive": notLower, "dead,suspect": notLower, "alive,dead": higher },
  ...{ "suspect,dead": higher, "dead,dead": higher, "left,dead": notLower },
  ...{ "left,alive": notLower, "left,suspect": notLower, "alive,left": higher },
  ...{ "suspect,left": higher, "dead,left": higher, "left,left": higher },
};

describe.each([
  ["section 4.2, the paper's table", paperOrder, paper],
  ["section 4.2, with members that rejoin", rejoinOrder, rejoin],
])("%s", (_, order: UpdateOrder, table) => {
  it(`decides all ${pairs.length} pairs of news and knowledge`, () => {
    expect(Object.keys(table)).toHaveLength(16);
    for (const [heard, known] of pairs) {
      const rule = table[`${heard.status},${known.status}`] as Rule;
      const wanted = rule(heard.incarnation, known.incarnation);
      expect({ heard, known, isNewer: order(heard, known) }).toEqual({
        heard,
        known,
        isNewer: wanted,
      });
    }
  });
});

describe("the order with rejoins", () => {
  const after = (news: readonly Standing[]): Standing =>
    news.reduce((known, heard) => (rejoinOrder(heard, known) ? heard : known));

  it("ends with the same view in whatever order news comes, and however often", () => {
    const someNews = fc.array(fc.constantFrom(...standings), { minLength: 1, maxLength: 12 });
    const property = fc.property(someNews, fc.infiniteStream(fc.nat()), (news, stream) => {
      const keyed = [...news, ...news].map((standing) => ({ standing, key: stream.next().value }));
      const shuffled = keyed.sort((l, r) => (l.key as number) - (r.key as number));
      expect(after(shuffled.map(({ standing }) => standing))).toEqual(after(news));
    });
    fc.assert(property, { numRuns: 500 });
  });

  it("never has two newer than each other", () => {
    const both = pairs.filter(([a, b]) => rejoinOrder(a, b) && rejoinOrder(b, a));
    expect(both).toEqual([]);
  });
});
