/** Three servers through a failure, a drain and a crash, as a balancer tells it. */
import { join } from "node:path";
import { BalancedServer, Balancer, RequestClient } from "dabbawala/balancing";
import type { BalancingMessage, BalancingTimer } from "dabbawala/balancing";
import { Simulator, at, crash, restart } from "dabbawala/hosts";
import { expect, it } from "vitest";

const told = ["down", "up", "ejected", "returned", "circuit", "panic", "calm", "mode"];
const operators = ["draining", "drained", "kept", "added"];

it("the story of a pool", async () => {
  const lines: string[] = ["n1, n2 and n3 behind b1; n4 comes later; c1 asks 100 times a second"];
  const ends = { ok: 0, fail: 0, info: 0, unanswered: 0 };
  const say = (atMs: number, what: string): void => {
    lines.push(`${(atMs / 1_000).toFixed(2).padStart(5)} s  ${what}`);
  };
  const simulator = new Simulator<BalancingMessage, BalancingTimer>({
    seed: 4,
    onNote: ({ atMs, node, label, detail }) => {
      if (label in ends) ends[label as keyof typeof ends]++;
      if (![...told, ...operators].includes(label)) return;
      const { server, state, why } = (detail ?? {}) as Record<string, string>;
      const words = [server, state, why === undefined ? why : `(${why})`];
      const more = label === "mode" ? [detail as string] : words.filter((word) => word);
      say(atMs, [node, label, ...more].join(" "));
    },
    onStep: ({ atMs, event }) => {
      if (event.kind === "fault") say(atMs, `-- ${event.label}`);
    },
  });
  const servers = ["n1", "n2", "n3"];
  for (const id of [...servers, "n4"]) simulator.add(id, BalancedServer, { peers: [] });
  const health = {
    active: { intervalMs: 500, timeoutMs: 200 },
    outliers: { baseEjectionMs: 2_000, intervalMs: 1_000 },
    circuit: { openMs: 1_000 },
  };
  simulator.add("b1", Balancer, { peers: servers, options: { health, attemptMs: 200 } });
  simulator.add("c1", RequestClient, { peers: ["b1"], options: { requests: null, everyMs: 10 } });
  simulator.schedule(at(12_000, crash(["n1"])), at(15_000, restart(["n1"])));
  const tell = (atMs: number, to: string, message: BalancingMessage): void => {
    simulator.run({ untilMs: atMs });
    simulator.inject("operator", to, message);
  };
  tell(1_000, "n2", { type: "mode", mode: "failing" });
  tell(2_500, "n2", { type: "mode", mode: "well" });
  tell(6_000, "b1", { type: "add", server: "n4" });
  tell(8_000, "b1", { type: "drain", server: "n3" });
  simulator.run({ untilMs: 20_000 });
  lines.push("", `the client: ${Object.entries(ends).flat().join(" ")}`);
  expect((simulator.nodeOf("b1") as Balancer).pool.open).toEqual(Int32Array.of(0, 1, 3));
  expect(ends.unanswered).toBe(0);
  const text = `${lines.join("\n")}\n`;
  await expect(text).toMatchFileSnapshot(join(__dirname, "stories", "pool.story.txt"));
});
