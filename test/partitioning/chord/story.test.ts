/** Runs on the circle of the paper's figures, told as text. */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Simulator, at, crash, heal, partition } from "dabbawala/hosts";
import { Chord } from "dabbawala/partitioning";
import type { ChordMessage, ChordTimer } from "dabbawala/partitioning";
import { circle } from "./one-node";

const options = { ...circle, stabilizeMs: 100, fingerMs: 100, repairMs: 200, timeoutMs: 20 };
const told = ["joined", "dropped", "gone", "stranded", "found", "kept", "read", "missing"];

class Told {
  readonly lines: string[] = [];
  readonly simulator = new Simulator<ChordMessage, ChordTimer>({
    seed: 4,
    onNote: ({ node, label, detail }) => {
      if (!told.includes(label)) return;
      this.tell(`${node} ${label}${detail === undefined ? "" : ` ${JSON.stringify(detail)}`}`);
    },
  });

  constructor(
    readonly names: readonly string[],
    founders: readonly string[],
  ) {
    const peers = founders.slice(0, 1);
    for (const id of names) {
      const isFounder = founders.includes(id);
      const own = { ...options, founders };
      this.simulator.add(id, Chord, { peers: isFounder ? [] : peers, options: own });
    }
  }

  tell(line: string): void {
    this.lines.push(`${this.simulator.nowMs.toFixed(0).padStart(6)} ms  ${line}`);
  }

  run(forMs: number): void {
    this.simulator.run({ untilMs: this.simulator.nowMs + forMs });
  }

  ask(to: string, message: ChordMessage): void {
    this.tell(`-- ${to} is told to ${JSON.stringify(message)}`);
    this.simulator.inject("outside", to, message);
    this.run(100);
  }

  pointers(): void {
    for (const id of this.names) {
      const node = this.simulator.nodeOf(id) as Chord | undefined;
      if (node === undefined || node.part === "gone") continue;
      const { predecessor, successors, blocks } = node;
      const held = blocks.size === 0 ? "" : `; holds ${[...blocks.keys()].join(" ")}`;
      this.tell(`   ${predecessor ?? "?"} < ${id} < ${successors.join(" ")}${held}`);
    }
  }

  get text(): string {
    return `${this.lines.join("\n")}\n`;
  }
}

const story = (name: string): string => join(__dirname, `${name}.story.txt`);

describe("stories", () => {
  it("a node joins, another fails: keys are found all the time", async () => {
    const founders = ["n1", "n14", "n32", "n48"];
    const run = new Told([...founders, "n26"], founders);
    run.run(20);
    run.ask("n1", { type: "put", key: "k24", value: "a seat in B2" });
    run.run(1_000);
    run.pointers();
    run.tell("-- n32 fails for good");
    run.simulator.schedule(at(run.simulator.nowMs, crash(["n32"])));
    run.ask("n48", { type: "get", key: "k24" });
    run.run(1_000);
    run.ask("n48", { type: "lookup", place: 30 });
    run.ask("n14", { type: "leave" });
    run.run(1_000);
    run.ask("n1", { type: "get", key: "k24" });
    run.pointers();
    await expect(run.text).toMatchFileSnapshot(story("join-and-failure"));
    expect(run.text).toContain('n1 read {"key":"k24","value":"a seat in B2"}');
  });

  it("a partition makes two rings, which stay two: nobody tells them of each other", async () => {
    const founders = ["n1", "n8", "n14", "n21", "n32", "n38"];
    const run = new Told(founders, founders);
    const sides = [
      ["n1", "n14", "n32"],
      ["n8", "n21", "n38"],
    ];
    run.run(20);
    run.simulator.schedule(at(100, partition(...sides)), at(2_000, heal()));
    run.run(1_900);
    run.pointers();
    run.tell("-- the partition heals");
    run.run(10_000);
    run.pointers();
    await expect(run.text).toMatchFileSnapshot(story("two-rings"));
    for (const side of sides) {
      for (const id of side) {
        const { successors } = run.simulator.nodeOf(id) as Chord;
        expect(successors.every((other) => side.includes(other))).toBe(true);
      }
    }
  });
});
