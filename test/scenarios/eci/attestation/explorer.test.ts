/** Four centres, one machine: every order of messages. */
import { describe, expect, it } from "vitest";
import { Explorer } from "dabbawala/hosts";
import type { View } from "dabbawala/hosts";
import { CountingCentre, demonstrationKeys, inflate, LyingCentre } from "dabbawala/scenarios/eci";
import { sealTotal } from "dabbawala/scenarios/eci";
import type {
  AttestationMessage,
  AttestationTimer,
  CentreHost,
  Lie,
} from "dabbawala/scenarios/eci";

const names = ["n1", "n2", "n3", "n4"];
const { book, secretKeys } = demonstrationKeys({ centres: names, machines: ["CU1"] }, 2);
const total = "CU1,650,648,3,312;288;45";
const seal = (text: string) => sealTotal("CU1", text, secretKeys["CU1"] as string);
const [sealed, second] = [seal(total), seal(inflate(total, 0.1))];

/** Names liars for itself alone: accusations change no word, and no total that stands. */
class QuietCentre extends LyingCentre {
  protected override tell(message: AttestationMessage, host: CentreHost): void {
    if (message.type !== "accuse") super.tell(message, host);
  }
}

/** `reported`: which total each centre gets from outside. */
function explore(
  lies: Readonly<Record<string, readonly Lie[]>>,
  reported: Readonly<Record<string, typeof sealed>>,
) {
  const explorer = new Explorer<AttestationMessage, AttestationTimer>({ maxStates: 400_000 });
  const options = { book, secretKeys, syncMs: 0, lies, stolen: [second] };
  for (const id of names) explorer.add(id, QuietCentre, { options });
  for (const [to, of] of Object.entries(reported)) {
    explorer.inject("outside", to, { type: "report", sealed: of });
  }
  const honest = ({ nodes }: View<AttestationMessage, AttestationTimer>): CountingCentre[] =>
    names.flatMap((id) => (lies[id] === undefined ? [nodes.get(id) as CountingCentre] : []));
  return explorer.explore([
    {
      name: "agreement",
      kind: "always",
      says: (view) => {
        const standing = honest(view).flatMap((of) => of.standing.get("CU1")?.total ?? []);
        return new Set(standing).size <= 1;
      },
    },
    {
      name: "accuracy",
      kind: "always",
      says: (view) =>
        honest(view).every(({ named }) =>
          [...named.keys()].every((liar) => liar === "CU1" || lies[liar] !== undefined),
        ),
    },
    {
      name: "stands",
      kind: "eventually",
      says: (view) => honest(view).every(({ standing }) => standing.size === 1),
    },
    {
      name: "named",
      kind: "sometimes",
      says: (view) => honest(view).every(({ named }) => named.has("n4")),
    },
  ]);
}

describe("in every order of messages", () => {
  it("one liar of four stops nothing, and can be named", () => {
    const { kind, verdicts, states } = explore({ n4: ["falseTotal"] }, { n1: sealed, n4: sealed });
    expect({ kind, states }).toEqual({ kind: "complete", states: 9_442 });
    expect(verdicts.map((verdict) => verdict.kind)).toEqual(["holds", "holds", "holds", "holds"]);
  }, 120_000);

  it("one liar who has a machine's key never makes two totals stand", () => {
    const { kind, verdicts, states } = explore({ n4: ["equivocate"] }, { n4: sealed });
    expect({ kind, states }).toEqual({ kind: "complete", states: 13_112 });
    expect(verdicts.slice(0, 2).map((verdict) => verdict.kind)).toEqual(["holds", "holds"]);
  }, 120_000);

  it("two liars of four who have a machine's key do: f + 1 are too many", () => {
    const { verdicts } = explore(
      { n3: ["equivocate"], n4: ["equivocate"] },
      { n3: sealed, n4: sealed },
    );
    expect(verdicts[0]?.kind).toBe("violated");
  }, 120_000);
});
