/** Four members through a crash, a restart without memory, a partition and a leave, as text. */
import { join } from "node:path";
import { expect, it } from "vitest";
import { Simulator, at, crash, heal, partition, restart } from "dabbawala/hosts";
import { Swim } from "dabbawala/membership";
import type { SwimMessage, SwimTimer } from "dabbawala/membership";

it("the story of a group", async () => {
  const lines: string[] = ["n1 to n4 in a group; n5 joins through n1", ""];
  const simulator = new Simulator<SwimMessage, SwimTimer>({
    seed: 6,
    onNote: ({ atMs, node, label, detail }) => {
      const what = detail === undefined ? "" : ` ${Object.values(detail as object).join(" in ")}`;
      lines.push(`${(atMs / 1_000).toFixed(1).padStart(5)} s  ${node} ${label}${what}`);
    },
    onStep: ({ atMs, event }) => {
      if (event.kind === "fault")
        lines.push(`${(atMs / 1_000).toFixed(1).padStart(5)} s  -- ${event.label}`);
    },
  });
  const options = { syncMs: 5_000 };
  const first = ["n1", "n2", "n3", "n4"];
  for (const id of first) simulator.add(id, Swim, { peers: first, options });
  simulator.add("n5", Swim, { peers: ["n1"], options, startAtMs: 3_000 });
  simulator.schedule(
    ...[at(10_000, crash(["n2"], "lost")), at(30_000, restart(["n2"]))],
    ...[at(40_000, partition(["n1", "n2", "n5"], ["n3", "n4"])), at(80_000, heal())],
  );
  simulator.run({ untilMs: 110_000 });
  simulator.inject("outside", "n4", { type: "leave" });
  simulator.run({ untilMs: 125_000 });
  const living = ["n1", "n2", "n3", "n5"];
  for (const id of living) {
    const node = simulator.nodeOf(id) as Swim;
    for (const other of living) expect(node.standingOf(other)?.status).toBe("alive");
    expect(node.standingOf("n4")?.status).toBe("left");
  }
  const text = `${lines.join("\n")}\n`;
  await expect(text).toMatchFileSnapshot(join(__dirname, "stories", "group.story.txt"));
});
