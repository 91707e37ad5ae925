/** Each rule on a file that breaks it, and on one that does not. */
import { describe, expect, it } from "vitest";
import * as rules from "./rules";

const file = (text: string, path = "lib/clocks/lamport-clock.ts") => ({ path, text });
const protocol = "export class Paxos implements Node<M, T> {}\n";
const header = "/**\n * Agrees.\n * Source: a\n * Assumes: b\n * Guarantees: c\n * Cost: d\n */\n";

describe("rules", () => {
  it("know a long file and a wide line", () => {
    expect(rules.isShort(file("\n".repeat(401) + "x"))).toHaveLength(1);
    expect(rules.isShort(file("x\n".repeat(400)))).toEqual([]);
    const wide = "x".repeat(101);
    expect(rules.isNarrow(file(`${wide}\n// ${wide}\nshort`))).toHaveLength(2);
    expect(rules.isNarrow(file(`"${wide}"\n// https://${wide}`))).toEqual([]);
  });

  it("know vague and misspelt names", () => {
    expect(rules.isWellNamed(file("", "lib/utils/x.ts"))).toHaveLength(1);
    expect(rules.isWellNamed(file("", "lib/clocks/clock-helper.ts"))).toHaveLength(1);
    expect(rules.isWellNamed(file("", "lib/clocks/lamportClock.ts"))).toHaveLength(1);
    expect(rules.isWellNamed(file("", "lib/clocks/lamport-clock.test.ts"))).toEqual([]);
  });

  it("know a skipped test", () => {
    expect(rules.isWholeTest(file(["it", "only"].join(".") + "()"))).toHaveLength(1);
    expect(rules.isWholeTest(file("it('only')"))).toEqual([]);
  });

  it("know a protocol without its header, or with too long a one", () => {
    expect(rules.hasHeader(file(protocol))[0]).toContain("lacks Source: Assumes:");
    expect(rules.hasHeader(file(header + protocol))).toEqual([]);
    const long = header.replace("Agrees.", "Agrees." + "\n * more".repeat(9));
    expect(rules.hasHeader(file(long + protocol))[0]).toContain("14 lines");
    expect(rules.hasHeader(file("export class Clock {}"))).toEqual([]);
  });

  it("know a protocol that looks past its host", () => {
    expect(rules.touchesOnlyItsHost(file(`${protocol}Date.now(); await x;`))).toHaveLength(2);
    expect(rules.touchesOnlyItsHost(file(`${protocol}// no Date here\nhost.nowMs;`))).toEqual([]);
  });

  it("know an export that nobody uses", () => {
    const clock = file("export function tick() {}\nexport function tock() {}\ntock();");
    const user = file('import { tick } from "./lamport-clock";', "lib/clocks/index.ts");
    expect(rules.deadExports([clock, user], clock)).toEqual([`${clock.path}: nobody uses tock`]);
  });
});
