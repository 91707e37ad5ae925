/** More than Chord is made for: the whole network is away for a while. */
import { describe, expect, it } from "vitest";
import { Simulator, at, heal, partition } from "dabbawala/hosts";
import { Chord } from "dabbawala/partitioning";
import type { ChordMessage, ChordTimer } from "dabbawala/partitioning";
import { membersOf, pointerFailure } from "dabbawala/dist/partitioning/chord/storm/ring";
import { circle, figure } from "./one-node";

describe("an outage of the whole network", () => {
  it("leaves everybody alone; afterwards it is one ring again", () => {
    const simulator = new Simulator<ChordMessage, ChordTimer>({ seed: 1, isTraced: false });
    const options = { ...circle, founders: figure, stabilizeMs: 100, timeoutMs: 20 };
    for (const id of figure) simulator.add(id, Chord, { peers: [], options });
    const everybodyAlone = partition(...figure.map((id) => [id]));
    simulator.schedule(at(100, everybodyAlone), at(5_000, heal()));
    const wrong = () =>
      pointerFailure(membersOf(figure.map((id) => simulator.nodeOf(id) as Chord)));
    simulator.run({ untilMs: 90 });
    expect(wrong()).toBeUndefined();
    simulator.run({ untilMs: 5_000 });
    // Predecessors are forgotten; the lists are kept.
    expect(wrong()?.property).toBe("rightPredecessor");
    simulator.run({ untilMs: 5_500 });
    expect(wrong()).toBeUndefined();
  });
});
