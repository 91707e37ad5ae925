import { afterAll, describe, expect, it } from "vitest";
import { DatasetSession, count } from "dabbawala/batch";
import { dag } from "dabbawala/figures";

const session = new DatasetSession({ workers: 2 });
afterAll(() => session.close());

const rows = [{ train: "12951", ms: 5 }];
const trains = session.fromArray(rows, { partitions: 3 }).cache();
const sums = trains
  .map(({ train, ms }) => ({ key: train, value: ms }))
  .reduceByKey((left, right) => left + right);

describe("a plan", () => {
  it("is text, stage by stage", () => {
    const plan = trains
      .keyBy(({ train }) => train)
      .join(sums, { partitions: 3 })
      .sortBy(({ key }) => key)
      .explain();
    expect(plan).toBe(
      [
        "stage 1: 3 tasks",
        "  fromArray (3)",
        "  cache (3): cached, spill when full",
        "  keyBy (3)",
        "  -> shared out by key for join",
        "stage 2: 3 tasks",
        "  fromArray (3)",
        "  cache (3): cached, spill when full",
        "  map (3)",
        "  -> combined by key, then shared out by key for reduceByKey",
        "stage 3: 3 tasks, after stage 1, stage 2",
        "  reduceByKey (3): reads a shuffle",
        "  join (3): reads a shuffle; shared out alike: narrow",
        "  -> shared out by ranges of the key for sortBy",
        "stage 4: 3 tasks, after stage 3",
        "  sortBy (3): reads a shuffle",
        "  -> the action",
      ].join("\n"),
    );
  });

  it("is a picture that the figure draws, with a box a step and an arrow a parent", async () => {
    const groups = trains.groupByColumns({ key: "train", aggregates: { n: count() } });
    const { nodes, edges } = groups.join(sums).picture();
    expect(nodes.map(({ label }) => label)).toEqual([
      ...["fromArray", "cache", "group by train", "map", "reduceByKey", "join"],
    ]);
    expect(edges.filter(({ label }) => label === "shuffle")).toHaveLength(3);
    const drawing = dag(nodes, edges, { title: "Plan", caption: "Boxes are steps." });
    expect(await drawing.toSvg()).toContain("reduceByKey");
  });
});
