/** The same classes on real threads and processes; one centre lies and one is killed. */
import { describe, expect, it } from "vitest";
import { processes, threads } from "dabbawala/hosts";
import { demonstrationKeys, sealTotal } from "dabbawala/scenarios/eci";

const of = (exportName: string) => ({ module: "dabbawala/scenarios/eci", exportName });
const centres = ["n1", "n2", "n3", "n4", "n5", "n6", "n7"];
const machines = Array.from({ length: 24 }, (_, i) => `CU${i + 1}`);
const { book, secretKeys } = demonstrationKeys({ centres, machines }, 5);

function reportsOf(id: string) {
  return machines
    .filter((_, i) => `c${(i % 2) + 1}` === id)
    .map((machine, i) => {
      return sealTotal(machine, `${machine},200,200,0,${100 + i};${100 - i}`, secretKeys[machine]);
    });
}

describe.each(Object.entries({ threads, processes }))("on %s", (_name, host) => {
  it("all totals stand though a centre is killed, and the liar is named", async () => {
    const options = { book, secretKeys, lies: { n7: ["falseTotal"] } };
    const party = (id: string) => ({ book, reports: reportsOf(id) });
    const clients = { protocol: of("PollingParty"), count: 2, options: party };
    const cluster = await host({ protocol: of("LyingCentre"), nodes: 7, options, clients });
    const noted = async (node: string, label: string) =>
      (await cluster.notes(node)).filter((note) => note.label === label);
    try {
      await cluster.kill("n2");
      const haveStood = async (): Promise<boolean> => {
        const stood = await Promise.all(["c1", "c2"].map((id) => noted(id, "stood")));
        return stood.flat().length === machines.length;
      };
      await cluster.until(haveStood, { timeoutMs: 30_000 });
      await cluster.restart("n2");
      const isNamed = async (): Promise<boolean> => (await noted("n2", "named")).length > 0;
      await cluster.until(isNamed, { timeoutMs: 30_000 });
      const named = await Promise.all(["n1", "n2", "n3"].map((id) => noted(id, "named")));
      const liars = named.flat().map(({ detail }) => (detail as { liar: string }).liar);
      expect(new Set(liars)).toEqual(new Set(["n7"]));
    } finally {
      await cluster.stop();
    }
  }, 90_000);
});
