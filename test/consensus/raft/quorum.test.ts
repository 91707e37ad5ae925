import { readFileSync, readdirSync } from "fs";
import { join } from "path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { majorityReached, quorumReached, voteResult } from "dabbawala/consensus";

const folder = join(__dirname, "data");
const files = readdirSync(folder).filter((name) => name.endsWith(".txt"));

interface Vector {
  readonly line: string;
  readonly command: string;
  readonly expected: string;
  readonly cfg: string[];
  readonly cfgj: string[];
  readonly given: string[];
}

/** `cfg=(1, 2) cfgj=(2,3) idx=(_,5,7)`: lists by name; "zero" is an empty half. */
function listOf(line: string, name: string): string[] {
  const text = new RegExp(`\\b${name}=\\(?([^)=]*?)\\)?(?= \\w+=|$)`).exec(line)?.[1] ?? "";
  const items = text.split(",").map((item) => item.trim());
  return items.filter((item) => item !== "" && item !== "zero");
}

/** A case is a command, `----`, and an answer up to the next empty line; its last line counts. */
function vectorsOf(file: string): Vector[] {
  const lines = readFileSync(join(folder, file), "utf8").split("\n");
  return lines.flatMap((mark, at) => {
    if (mark !== "----") return [];
    const line = lines[at - 1];
    const end = lines.findIndex((text, i) => i > at && text === "");
    const expected = lines.slice(at + 1, end === -1 ? lines.length : end).pop() as string;
    const given = [...listOf(line, "idx"), ...listOf(line, "votes")];
    const [cfg, cfgj] = [listOf(line, "cfg"), listOf(line, "cfgj")];
    return [{ line, command: line.split(" ")[0], expected, cfg, cfgj, given }];
  });
}

function outcomeOf({ command, cfg, cfgj, given }: Vector): string {
  const ids = [...new Set([...cfg, ...cfgj])];
  const known = new Map(
    ids.map((id, i) => [id, given[i]]).filter(([, value]) => value !== "_") as [string, string][],
  );
  const half = { voters: cfg, outgoing: cfgj };
  if (command === "vote") {
    const votes = new Map([...known].map(([id, vote]) => [id, vote === "y"]));
    return { won: "VoteWon", lost: "VoteLost", pending: "VotePending" }[voteResult(half, votes)];
  }
  return String(quorumReached(half, (id) => Number(known.get(id) ?? 0)));
}

describe("the quorum vectors of etcd-io/raft", () => {
  const vectors = files.flatMap(vectorsOf);

  it("are 127", () => {
    expect(vectors.length).toBe(127);
  });

  it.each(vectors.map((vector) => [vector.line, vector] as const))("%s", (_line, vector) => {
    const expected = vector.expected === "<empty majority quorum>∞" ? "Infinity" : vector.expected;
    expect(outcomeOf(vector)).toBe(expected);
  });
});

describe("quorumReached", () => {
  const numbers = fc.array(fc.nat(20), { minLength: 1, maxLength: 7 });

  it("agrees with counting who has reached each number", () => {
    fc.assert(
      fc.property(numbers, numbers, (left, right) => {
        const ids = (from: string, list: number[]): string[] => list.map((_, i) => `${from}${i}`);
        const half = { voters: ids("a", left), outgoing: ids("b", right) };
        const numberOf = (id: string): number =>
          (id[0] === "a" ? left : right)[Number(id.slice(1))];
        const isHeld = (list: number[], n: number): boolean =>
          list.filter((number) => number >= n).length * 2 > list.length;
        const slow = Math.max(
          ...Array.from({ length: 21 }, (_, n) => n).filter(
            (n) => isHeld(left, n) && isHeld(right, n),
          ),
        );
        expect(quorumReached(half, numberOf)).toBe(slow);
      }),
    );
  });

  it("is what the majority has reached when one half is empty", () => {
    fc.assert(
      fc.property(numbers, (list) => {
        const voters = list.map((_, i) => String(i));
        const numberOf = (id: string): number => list[Number(id)];
        expect(quorumReached({ voters, outgoing: [] }, numberOf)).toBe(
          majorityReached(voters, numberOf),
        );
      }),
    );
  });
});
