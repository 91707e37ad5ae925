/** Runs with their stories in files beside this one, and what must hold of them. */
import { join } from "path";
import { hotStuffLiars, simulateHotStuff } from "dabbawala/consensus";
import type { HotStuffLie, HotStuffRun, HotStuffSimulation } from "dabbawala/consensus";
import { at, crash, partition, restart } from "dabbawala/hosts";
import { describe, expect, test } from "vitest";

function put(...values: readonly number[]): { operations: { command: object }[] } {
  return { operations: values.map((value) => ({ command: { op: "put", key: "k", value } })) };
}

const constant = { latency: { kind: "constant", ms: 10 } } as const;

function play(given: Partial<HotStuffSimulation>): HotStuffRun {
  return simulateHotStuff({
    ...{ seed: 1, clients: [put(1, 2)], network: constant, untilMs: 10_000, isTraced: true },
    ...given,
  });
}

async function tell(name: string, { story }: HotStuffRun): Promise<void> {
  const text = `${name}\n\n${story.join("\n")}\n`;
  await expect(text).toMatchFileSnapshot(join(__dirname, "stories", `${name}.story.txt`));
}

/** All correct replicas hold one history, and everything was answered. */
function expectOneHistory({ decided, operations }: HotStuffRun, answers: number): void {
  const histories = [...decided.values()].map((blocks) => JSON.stringify(blocks));
  const longest = histories.reduce((a, b) => (a.length > b.length ? a : b)).slice(0, -1);
  for (const history of histories) expect(longest.startsWith(history.slice(0, -1))).toBe(true);
  expect(operations.filter(({ outcome }) => outcome === "ok")).toHaveLength(answers);
}

describe("stories", () => {
  test("normal case", async () => {
    const run = play({});
    expectOneHistory(run, 2);
    expect(run.operations[0]).toMatchObject({ calledAt: 0, returnedAt: 90 });
    await tell("normal-case", run);
  });

  test("leader crash", async () => {
    const run = play({ faults: [at(35, crash(["n1"]))] });
    expectOneHistory(run, 2);
    await tell("leader-crash", run);
  });

  test("equivocating leader", async () => {
    const clients = [put(1), put(2)];
    const run = play({ clients, traitors: { n1: "equivocating" } });
    expectOneHistory(run, 2);
    expect(run.notes.some(({ label }) => label === "timedOut")).toBe(true);
    await tell("equivocating-leader", run);
  });

  test("split brain: f + 1 traitors make two histories, and both clients believe theirs", async () => {
    const clients = [put(1), put(2)];
    const traitors = { n1: "splitBrain", n2: "splitBrain" } as const;
    const run = play({ clients, traitors, untilMs: 150 });
    expect(run.states.get("n3")).not.toEqual(run.states.get("n4"));
    expect(run.operations.map(({ outcome }) => outcome)).toEqual(["ok", "ok"]);
    await tell("two-traitors", run);
  });
});

test.each(Object.keys(hotStuffLiars) as HotStuffLie[])("one that is %s does no harm", (lie) => {
  for (const liar of ["n1", "n3"]) {
    const clients = [put(1, 2, 3), put(4, 5, 6)];
    const traitors = { [liar]: lie };
    expectOneHistory(play({ clients, traitors, untilMs: 60_000 }), 6);
  }
});

test("a replica that fell behind fetches blocks, or a snapshot where they are gone", () => {
  const many = put(...Array.from({ length: 60 }, (_, i) => i));
  const faults = [at(100, crash(["n4"])), at(4_000, restart(["n4"]))];
  for (const keptBlocks of [10, 1_000]) {
    const options = { keptBlocks, maxFetched: 7 };
    const run = play({ clients: [many], faults, options, untilMs: 20_000 });
    expectOneHistory(
      { ...run, decided: new Map([...run.decided].filter(([id]) => id !== "n4")) },
      60,
    );
    expect(run.states.get("n4")).toEqual(run.states.get("n2"));
    const labels = new Set(run.notes.filter(({ node }) => node === "n4").map(({ label }) => label));
    expect(labels.has("fetched")).toBe(true);
    expect(labels.has("caughtUp")).toBe(keptBlocks === 10);
  }
});

test("rotating with every view, one crashed replica of four stops everything", () => {
  const faults = [at(0, crash(["n4"]))];
  const rotating = play({ faults, options: { viewsPerLeader: 1 }, untilMs: 60_000 });
  expect(rotating.operations.filter(({ outcome }) => outcome === "ok")).toHaveLength(0);
  const lasting = play({ faults, options: { viewsPerLeader: 4 }, untilMs: 60_000 });
  expect(lasting.operations.filter(({ outcome }) => outcome === "ok")).toHaveLength(2);
});

test("in a minority nothing is decided", () => {
  const cut = partition(["n1", "n2", "c1"], ["n3", "n4"]);
  const run = play({ faults: [at(0, cut)] });
  expect(run.operations.filter(({ outcome }) => outcome === "ok")).toHaveLength(0);
  expect([...run.decided.values()].every((blocks) => blocks.length === 0)).toBe(true);
});
