/** Handlers: what they return, throw, promise and tell; by hand, on real threads and processes. */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { processes, threads } from "dabbawala/hosts";
import { openWayIn, step } from "dabbawala/protocol";
import type { Event, Message } from "dabbawala/protocol";
import { registerTaskHandler, SchedulerWorker } from "dabbawala/scheduling";
import type { SchedulerMessage, SchedulerTimer, TaskHandler } from "dabbawala/scheduling";

type Any = Event<SchedulerMessage, SchedulerTimer>;

const tell = (node: SchedulerWorker, event: Any) =>
  step(node, event, { nowMs: 0, random: () => 0.5 });

/** A worker that was just given tasks of kind "k", by id. */
function workerWith(handler: TaskHandler, { ids = ["a"], slots = 1 } = {}) {
  registerTaskHandler("k", handler);
  const worker = new SchedulerWorker("w1", ["n1"], { capabilities: ["k"], slots });
  tell(worker, { kind: "start", saved: {} });
  const leases = ids.map((id) => ({ id, attempt: 1, kind: "k", payload: id, tenant: "everyone" }));
  return { worker, effects: tell(worker, given(1, leases)) };
}

function given(request: number, leases: readonly object[], stops: readonly object[] = []): Any {
  const result = { kind: "work", leases, stops, stale: [], isDraining: false };
  const message = { type: "answer", requestId: 1e9 + request, kind: "ok", result } as const;
  return { kind: "message", from: "n1", message };
}

function commandOf(effects: ReturnType<typeof tell>): Record<string, unknown> | undefined {
  const send = effects.find(({ kind }) => kind === "send") as { message: Message } | undefined;
  return (send?.message as { command?: Record<string, unknown> } | undefined)?.command;
}

describe("a handler that is over when it returns", () => {
  it.each([
    ["nothing", undefined, { finished: [{ id: "a", attempt: 1, result: null }] }],
    ["an object", { paise: 5 }, { finished: [{ id: "a", attempt: 1, result: { paise: 5 } }] }],
    [
      "a big number",
      5n,
      { failed: [{ reason: expect.stringContaining("its result is no JSON") }] },
    ],
    ["a function", () => 1, { failed: [{ reason: "its result is a function, no JSON" }] }],
  ])("returns %s", (_name, result, command) => {
    expect(commandOf(workerWith(() => result).effects)).toMatchObject(command);
  });

  it.each([
    ["an error", new Error("the rice is burnt"), "the rice is burnt"],
    ["an error without words", new TypeError(), "TypeError"],
    ["a text", "no rice", "no rice"],
    ["nothing", undefined, "undefined"],
    ["null", null, "null"],
    ["too many words", new Error("x".repeat(5_000)), "x".repeat(1_000)],
  ])("throws %s", (_name, error, reason) => {
    const { effects } = workerWith(() => {
      throw error;
    });
    expect(commandOf(effects)).toMatchObject({ failed: [{ id: "a", attempt: 1, reason }] });
  });

  it("says that no further attempt would help", () => {
    const { effects } = workerWith(() => {
      throw Object.assign(new Error("no such account"), { isFinal: true });
    });
    const failed = [{ id: "a", attempt: 1, reason: "no such account", isFinal: true }];
    expect(commandOf(effects)).toMatchObject({ failed });
  });
});

it("a promise is a failed attempt where no host in real time is there", () => {
  const { effects } = workerWith(() => Promise.reject(new Error("late")));
  const reason = "its handler returned a promise: only threads and processes wait for one";
  expect(commandOf(effects)).toMatchObject({ failed: [{ id: "a", attempt: 1, reason }] });
});

describe("a handler that returns a promise, in real time", () => {
  let heard: { node: string; message: SchedulerMessage }[] = [];
  const turn = () => new Promise((next) => setImmediate(next));
  const fromItself = (): Any[] =>
    heard.splice(0).map(({ node: from, message }) => ({ kind: "message", from, message }));

  beforeEach(() => {
    heard = [];
    openWayIn((node, message) => heard.push({ node, message: message as SchedulerMessage }));
  });
  afterEach(() => openWayIn(null));

  it("keeps its slot, and ends by a message", async () => {
    const { worker, effects } = workerWith(async () => {
      await turn();
      return "done later";
    });
    expect(commandOf(effects)).toBeUndefined();
    expect([...worker.running.keys()]).toEqual(["a"]);
    await turn();
    await turn();
    const [event] = fromItself();
    const command = commandOf(tell(worker, event));
    expect(command).toMatchObject({ finished: [{ id: "a", attempt: 1, result: "done later" }] });
    expect(worker.running.size).toBe(0);
  });

  it("as many as there are slots are open at a time", async () => {
    const open: string[] = [];
    const ends = new Map<string, () => void>();
    const handler: TaskHandler = (_payload, { id }) => {
      open.push(id);
      return new Promise<void>((end) => ends.set(id, end));
    };
    const { worker } = workerWith(handler, { ids: ["a", "b", "c"], slots: 2 });
    expect(open).toEqual(["a", "b"]);
    ends.get("b")?.();
    await turn();
    for (const event of fromItself()) tell(worker, event);
    expect(open).toEqual(["a", "b", "c"]);
    expect(worker.done).toBe(1);
  });

  it("progress travels with the next heartbeat", async () => {
    const { worker } = workerWith(async (_payload, _lease, { tellProgress }) => {
      tellProgress("rice washed");
      await turn();
      tellProgress({ share: 0.5 });
      await new Promise(() => undefined);
    });
    const held = () => {
      tell(worker, given(worker.link.isWaiting ? 2 : 1, []));
      return commandOf(tell(worker, { kind: "timer", timer: "heartbeat" }));
    };
    expect(held()).toMatchObject({ held: [{ id: "a", progress: "rice washed" }] });
    await turn();
    for (const event of fromItself()) tell(worker, event);
    expect(held()).toMatchObject({ held: [{ id: "a", progress: { share: 0.5 } }] });
  });

  it("a task that is stopped aborts its signal, and what it ends with is not heard", async () => {
    let signal: AbortSignal | undefined;
    const { worker } = workerWith(async (_payload, _lease, context) => {
      signal = context.signal;
      await turn();
      return "too late";
    });
    const stops = [{ id: "a", attempt: 1, why: "cancelled" }];
    const news = { type: "taskNews", leases: [], stops, ended: [] };
    tell(worker, { kind: "message", from: "n1", message: news as unknown as SchedulerMessage });
    expect(signal?.aborted).toBe(true);
    expect(worker.running.size).toBe(0);
    await turn();
    await turn();
    expect(heard).toEqual([]);
  });

  it("a later attempt and a later life hear nothing of an earlier one, nor of a stranger", async () => {
    const { worker } = workerWith(() => new Promise(() => undefined));
    const outcome = { kind: "done", result: 1 } as const;
    const message = { type: "handled", id: "a", attempt: 1, life: 1, outcome } as const;
    for (const [from, change] of [
      ["w2", {}],
      ["w1", { attempt: 2 }],
      ["w1", { life: 2 }],
      ["w1", { id: "b" }],
    ] as const) {
      tell(worker, { kind: "message", from, message: { ...message, ...change } });
    }
    expect([...worker.running.keys()]).toEqual(["a"]);
    tell(worker, { kind: "message", from: "w1", message });
    expect(worker.running.size).toBe(0);
  });
});

describe.each([
  { name: "processes", host: processes },
  { name: "threads", host: threads },
])("on $name", ({ host }) => {
  it("asynchronous tasks outlast the lease, side by side; one that is overdue is aborted", async () => {
    const folder = mkdtempSync(join(tmpdir(), "handlers-"));
    const module = join(__dirname, "asynchronous-handlers.cjs");
    const wait = (id: string) => ({ id, kind: "wait", payload: { ms: 900 } });
    const tasks = [
      ...["a", "b", "c"].map(wait),
      { id: "d", kind: "stubborn", payload: folder, timeoutMs: 150, maxAttempts: 1 },
      { id: "e", kind: "burn", maxAttempts: 5 },
    ];
    const settings = { leaseMs: 300 };
    const capabilities = ["wait", "stubborn", "burn"];
    const work = { capabilities, slots: 5, heartbeatMs: 50 };
    const of = (exportName: string) => ({ module, exportName });
    const cluster = await host({
      protocol: of("SchedulerServer"),
      nodes: [
        { id: "n1", peers: [], options: { settings } },
        { id: "w1", peers: ["n1"], protocol: of("SchedulerWorker"), options: work },
      ],
      clients: {
        ...{ protocol: of("SchedulerClient"), count: 1, peers: ["n1"] },
        options: { tasks },
      },
    });
    try {
      const noted = async (node: string, label: string) =>
        (await cluster.notes(node)).flatMap((note) => (note.label === label ? [note.detail] : []));
      const isOver = async () => (await noted("c1", "over")).length === 1;
      await cluster.until(isOver, { timeoutMs: 20_000 });
      const ended = (await noted("c1", "ended")) as { id: string }[];
      const endings = Object.fromEntries(ended.map(({ id, ...ending }) => [id, ending]));
      for (const id of ["a", "b", "c"]) {
        expect(endings[id]).toMatchObject({ kind: "done", attempt: 1, result: { waited: 900 } });
      }
      expect(endings["d"]).toMatchObject({ kind: "dead", why: "timedOut" });
      expect(endings["e"]).toMatchObject({ kind: "dead", detail: "the rice is burnt" });
      expect((await noted("w1", "begin")).length).toBe(5);
      expect(readdirSync(folder)).toEqual(["aborted"]);
    } finally {
      await cluster.stop();
      rmSync(folder, { recursive: true });
    }
  }, 40_000);
});
