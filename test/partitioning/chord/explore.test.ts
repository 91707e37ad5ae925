/**
 * Three founders with lists of two, a node that joins, and a crash, in every order of events there
 * is within the bounds: Zave's invariants hold; with her first correction undone they do not.
 */
import { describe, expect, it } from "vitest";
import { Explorer } from "dabbawala/hosts";
import type { ExplorerProperty, View } from "dabbawala/hosts";
import { chordWith } from "dabbawala/partitioning";
import type { Chord, ChordMessage, ChordRules, ChordTimer } from "dabbawala/partitioning";
import { membersOf, ringFailure } from "dabbawala/dist/partitioning/chord/storm/ring";
import type { Event, NodeId } from "dabbawala/protocol";
import { circle } from "./one-node";

type Host = Parameters<Chord["handle"]>[1];
type Seen = View<ChordMessage, ChordTimer>;

/** Remembers whom it has given up. */
function watched(protocol: typeof Chord) {
  return class extends protocol {
    readonly givenUp: NodeId[] = [];
    override handle(event: Event<ChordMessage, ChordTimer>, host: Host): void {
      if (event.kind === "timer" && event.timer.startsWith("call/")) {
        const call = this.calls.get(Number(event.timer.slice(5)));
        if (call !== undefined) this.givenUp.push(call.to);
      }
      super.handle(event, host);
    }
  };
}

/** Zave's assumption: whoever is given up has failed. */
function isFair({ nodes }: Seen): boolean {
  const all = [...nodes.values()] as (InstanceType<ReturnType<typeof watched>> | undefined)[];
  return all.every((node) => node?.givenUp.every((id) => nodes.get(id) === undefined) ?? true);
}

const invariants: ExplorerProperty<ChordMessage, ChordTimer> = {
  kind: "always",
  name: "the ring is a ring",
  says: ({ nodes }) => {
    const failure = ringFailure(membersOf([...nodes.values()] as (Chord | undefined)[]));
    return failure === undefined ? true : `${failure.property}: ${failure.detail}`;
  },
};
const joins: ExplorerProperty<ChordMessage, ChordTimer> = {
  kind: "sometimes",
  name: "its predecessor has the new node on its list, its successor before it",
  says: ({ nodes }) => {
    const [before, after] = ["n1", "n32"].map((id) => nodes.get(id) as Chord | undefined);
    return before?.successors[0] === "n14" && after?.predecessor === "n14";
  },
};

/**
 * Only the new node and the one before it stabilise, and nobody checks its predecessor: that keeps
 * the orders few enough to go 18 steps deep.
 */
function explore(broken: Partial<ChordRules>) {
  const explorer = new Explorer<ChordMessage, ChordTimer>({
    network: "ordered",
    mayRing: (timer, { id }) =>
      timer.startsWith("call/") || (timer === "stabilize" && ["n1", "n14"].includes(id)),
    isWithin: isFair,
    ...{ maxCrashes: 1, maxTimerFirings: 2, maxDepth: 18 },
  });
  const founders = ["n1", "n32", "n48"];
  const options = { ...circle, founders, successors: 2, fingerMs: 0, repairMs: 0 };
  const node = watched(chordWith({ checksPredecessor: false, ...broken }));
  for (const id of founders) explorer.add(id, node, { peers: [], options });
  explorer.add("n14", node, { peers: ["n1"], options });
  return explorer.explore([invariants, joins]);
}

describe("every order of events", () => {
  it("the ring stays a ring through a join and a crash", { timeout: 300_000 }, () => {
    const { verdicts, states, kind } = explore({});
    expect(verdicts.map((verdict) => verdict.kind)).toEqual(["holds", "holds"]);
    expect(kind).toBe("bounded");
    expect(states).toBeGreaterThan(50_000);
  });

  it("a member without a list is cut off by one crash", () => {
    const [verdict] = explore({ joinsWithList: false }).verdicts;
    expect(verdict).toMatchObject({
      kind: "violated",
      why: "liveSuccessor: n14 knows no living member, only n32",
    });
  });
});
