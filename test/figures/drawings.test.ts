import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { simulateJob } from "dabbawala/batch";
import type { SimulatedJob } from "dabbawala/batch";
import { Drawing, dag, mimeBundleSymbol, spaceTime, timeline } from "dabbawala/figures";
import { at, crash, cut, heal, networkRates, partition, pause } from "dabbawala/hosts";
import { Simulator, restart, resume } from "dabbawala/hosts";
import type { Event, Host, Message, Node, Trace } from "dabbawala/protocol";

const gallery = join(__dirname, "gallery");

/** The picture is the test: a stored SVG is written when it is missing, and compared otherwise. */
function expectPicture(name: string, drawing: Drawing): void {
  const file = join(gallery, `${name}.svg`);
  const svg = drawing.toSvg() + "\n";
  mkdirSync(gallery, { recursive: true });
  if (!existsSync(file) && !process.env["CI"]) writeFileSync(file, svg);
  expect(svg).toBe(readFileSync(file, "utf8"));
}

function textOf(drawing: Drawing): string {
  return drawing[mimeBundleSymbol]()["text/plain"];
}

/** Asks its peers in turn, and answers what it is asked. */
class Clerk implements Node<Message, string> {
  private asked = 0;
  constructor(
    readonly id: string,
    readonly peers: readonly string[],
    readonly options: { everyMs?: number } = {},
  ) {}
  handle(event: Event<Message, string>, host: Host<Message, string>): void {
    if (event.kind === "message") {
      if (event.message.type === "ask") host.send(event.from, { type: "answer" });
      else host.note("answered");
      return;
    }
    if (this.options.everyMs === undefined) return;
    if (event.kind === "timer") {
      host.send(this.peers[this.asked++ % this.peers.length]!, { type: "ask" });
    }
    host.setTimer("ask", this.options.everyMs);
  }
}

function clerks(everyMs: number, untilMs: number): Trace {
  const latency = { kind: "uniform", minMs: 4, maxMs: 12 } as const;
  const simulator = new Simulator({ seed: 3, network: { latency } });
  simulator.add("n1", Clerk, { options: { everyMs } });
  for (const id of ["n2", "n3", "n4"]) simulator.add(id, Clerk);
  simulator.schedule(
    ...[at(30, crash(["n2"])), at(75, restart(["n2"]))],
    ...[at(85, partition(["n1"], ["n3", "n4"])), at(110, heal())],
    ...[at(20, pause(["n4"])), at(50, resume(["n4"]))],
  );
  simulator.run({ untilMs });
  return simulator.trace;
}

const caption = "What to see.";

describe("space-time diagrams", () => {
  const title = "A clerk asks, three answer";

  it("draw messages, losses, crashes, pauses, notes and faults as stored", () => {
    expectPicture("trace", spaceTime(clerks(11, 140), { title, caption }));
  });

  it("stay readable at 200 messages", () => {
    const drawing = spaceTime(clerks(2, 190), { title, caption, isNoted: () => false });
    expectPicture("trace-many", drawing);
  });

  it("set bursts of messages apart when the axis is the order of events", () => {
    const { trace } = simulateJob({
      ...{ workers: 3, maps: 4, reduces: 2, splitBytes: 42_000, recordsPerSplit: 5, seed: 2 },
      ...{ costs: { taskStartMs: 5 }, coordinator: { leaseMs: 60, checkMs: 10 }, heartbeatMs: 20 },
      ...{ faults: [at(22, crash(["m2"], "lost"))], isTraced: true },
    });
    const drawing = spaceTime(trace, {
      ...{ title: "A machine dies with a finished map", caption, axis: "order" as const },
      nodes: ["n0", "n1", "n2", "n3"],
      isDrawn: ({ type }) => type !== "heartbeat",
      isNoted: (label) => ["taskRedone", "workerLost", "jobDone"].includes(label),
    });
    expectPicture("trace-order", drawing);
    expect(drawing.toSvg()).toContain("time (ms, not to scale)");
  });

  it("say the same in words", () => {
    const text = textOf(spaceTime(clerks(11, 140), { title, caption }));
    expect(text).toContain("[trace] A clerk asks, three answer\n");
    expect(text).toMatch(/11 ms {2}n1 -> n2 {2}ask \(arrives [\d.]+ ms\)/);
    expect(text).toMatch(/30 ms {2}! crash n2/);
    expect(text).toMatch(/30 ms {2}n2 {2}x crash until 75 ms/);
    expect(text).toMatch(/n1 -> n3 {2}ask \(cut [\d.]+ ms\)/);
    expect(text).toMatch(/n1 {2}\* answered/);
  });

  it("draw a part: a time, some nodes, some messages", () => {
    const some = { title, caption, nodes: ["n1", "n2"], fromMs: 70, toMs: 130 };
    const isDrawn = ({ type }: Message): boolean => type === "ask";
    const text = textOf(spaceTime(clerks(11, 140), { ...some, isDrawn }));
    expect(text).not.toMatch(/-> n3|-> n4|n2 -> n1/);
    expect(text).toMatch(/n1 -> n2 {2}ask/);
  });

  it("show a message under way when the trace ends", () => {
    expect(textOf(spaceTime(clerks(11, 12), { title, caption }))).toContain("ask (under way)");
  });

  it("draw one-way cuts and lossy times", () => {
    const simulator = new Simulator({ seed: 5, network: { latency: { kind: "constant", ms: 8 } } });
    simulator.add("n1", Clerk, { options: { everyMs: 12 } });
    simulator.add("n2", Clerk);
    simulator.schedule(at(40, cut(["n2"], ["n1"])), at(80, heal()));
    simulator.schedule(at(100, networkRates({ lossRate: 0.6 })));
    simulator.run({ untilMs: 200 });
    const options = { title: "Heard, but not answered", caption };
    expectPicture("trace-cut", spaceTime(simulator.trace, options));
  });

  it("refuse what cannot be read, with the remedy", () => {
    expect(() => spaceTime(clerks(1, 1_000), { title, caption })).toThrow(
      /at most 400 messages, not \d+: give fromMs and toMs, nodes, or isDrawn/,
    );
    expect(() => spaceTime([], { title, caption })).toThrow("has no nodes");
    expect(() => spaceTime(clerks(11, 140), { title: "", caption })).toThrow("needs a title");
  });
});

const job: SimulatedJob = simulateJob({
  workers: 8,
  maps: 30,
  reduces: 8,
  seed: 2,
  splitBytes: 16_000_000,
  recordsPerSplit: 10,
  stragglers: { share: 0.13, minFactor: 6, maxFactor: 6 },
  faults: [at(14_000, crash(["m3"], "lost")), at(45_000, restart(["m3"]))],
});
const spans = job.spans.map((span) => ({ ...span, lane: span.worker, label: `${span.taskId}` }));
const marks = [{ atMs: 14_000, label: "n3 crashes" }];

describe("timelines", () => {
  it("draw the tasks of each worker as stored", () => {
    const title = "A straggler and a crash";
    expectPicture("timeline", timeline(spans, { title, caption, marks }));
  });

  it("say who was busy for how long, and what came of it", () => {
    const text = textOf(timeline(spans, { title: "Tasks", caption, marks }));
    expect(text).toContain("[timeline] Tasks\n");
    expect(text).toMatch(/ {2}n3 {2}\d+ tasks, busy \d+ ms, 1 lost/);
    expect(text).toContain("14000 ms: n3 crashes");
    const lanes = text
      .split("\n")
      .slice(1, -1)
      .map((line) => line.trim().split(" ")[0]);
    expect(lanes).toEqual(["n1", "n2", "n3", "n4", "n5", "n6", "n7", "n8"]);
  });

  it("take the lanes that are named, and refuse too many", () => {
    const title = "Tasks";
    const text = textOf(timeline(spans, { title, caption, lanes: ["n2"] }));
    expect(text.split("\n")).toHaveLength(2);
    const many = Array.from({ length: 61 }, (_, i) => ({ ...spans[0]!, lane: `n${i}` }));
    expect(() => timeline(many, { title, caption })).toThrow("at most 60 lines, not 61");
    expect(() => timeline([], { title, caption })).toThrow("has no bars");
  });
});

describe("diagrams of plans", () => {
  const nodes = [
    { id: "log 1", detail: "64 MB", kind: "input" },
    { id: "log 2", detail: "64 MB", kind: "input" },
    { id: "log 3", detail: "64 MB", kind: "input" },
    { id: "map 1", kind: "map" },
    { id: "map 2", kind: "map" },
    { id: "map 3", kind: "map" },
    { id: "reduce A", kind: "reduce" },
    { id: "reduce B", kind: "reduce" },
    { id: "answer", detail: "rows by train", kind: "output" },
  ];
  const edges = [
    ...[1, 2, 3].map((i) => ({ from: `log ${i}`, to: `map ${i}` })),
    ...[1, 2, 3].flatMap((i) => ["A", "B"].map((p) => ({ from: `map ${i}`, to: `reduce ${p}` }))),
    ...["A", "B"].map((p) => ({ from: `reduce ${p}`, to: "answer", label: `part ${p}` })),
    { from: "log 1", to: "answer", label: "schema" },
  ];
  const title = "A plan";

  it("are drawn as stored, to the right and down", () => {
    expectPicture("dag", dag(nodes, edges, { title, caption }));
    expectPicture("dag-down", dag(nodes, edges, { title, caption, direction: "down" }));
  });

  it("say the layers in words", () => {
    const lines = textOf(dag(nodes, edges, { title, caption })).split("\n");
    expect(lines).toContain("  1. log 1 (64 MB) -> map 1, answer");
    expect(lines).toContain("  4. answer (rows by train)");
  });

  it("avoid crossings that can be avoided", () => {
    const straight = ["a", "b", "c"].flatMap((id) => [{ id: `${id}1` }, { id: `${id}2` }]);
    const crossed = [
      { from: "a1", to: "c2" },
      { from: "b1", to: "b2" },
      { from: "c1", to: "a2" },
    ];
    const text = textOf(dag(straight, crossed, { title, caption }))
      .split("\n")
      .slice(1);
    const first = text
      .filter((line) => line.startsWith("  1."))
      .map((line) => line.split("-> ")[1]);
    const second = text.filter((line) => line.startsWith("  2.")).map((line) => line.slice(5));
    expect(first).toEqual(second);
  });

  it("refuse cycles, unknown names and doubles", () => {
    const loop = [
      { from: "map 1", to: "map 2" },
      { from: "map 2", to: "map 1" },
    ];
    expect(() => dag(nodes, loop, { title, caption })).toThrow(/cycle: map 1 -> map 2 -> map 1/);
    const wrong = [{ from: "map 1", to: "map 9" }];
    expect(() => dag(nodes, wrong, { title, caption })).toThrow('names "map 9", which is no node');
    expect(() => dag([...nodes, nodes[0]!], [], { title, caption })).toThrow('two nodes "log 1"');
  });
});
