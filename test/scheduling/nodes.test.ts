/** Server, worker, client and store: one node at a time by hand, and together as a story. */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { at, pause, resume } from "dabbawala/hosts";
import { step } from "dabbawala/protocol";
import type { Event, Node } from "dabbawala/protocol";
import { EffectStore, SchedulerClient, SchedulerCluster } from "dabbawala/scheduling";
import { SchedulerServer, SchedulerWorker, registerTaskHandler } from "dabbawala/scheduling";
import type { SchedulerMessage, SchedulerTimer } from "dabbawala/scheduling";

type Any = Event<SchedulerMessage, SchedulerTimer>;

function tell(node: Node<SchedulerMessage, SchedulerTimer>, event: Any, nowMs = 0) {
  return step(node, event, { nowMs, random: () => 0.5 });
}

const start: Any = { kind: "start", saved: {} };
const from = (who: string, message: SchedulerMessage): Any => {
  return { kind: "message", from: who, message };
};

function submission(...ids: string[]): SchedulerMessage {
  const tasks = ids.map((id) => ({ id, kind: "k" }));
  return { type: "command", requestId: 1, command: { op: "submit", tasks } };
}

describe("the server", () => {
  it("Gray and Reuter, chapter 9: a command is in the log before its answer leaves", () => {
    const server = new SchedulerServer("n1");
    tell(server, start);
    const effects = tell(server, from("c1", submission("a")), 7);
    expect(effects.map(({ kind }) => kind)).toEqual(["save", "send"]);
    const [save, send] = effects;
    const command = { op: "submit", tasks: [{ id: "a", kind: "k" }], atMs: 7, from: "c1" };
    expect(save).toEqual({ kind: "save", key: "log/1", value: command });
    const result = { kind: "submitted", known: [] };
    const message = { type: "answer", requestId: 1, kind: "ok", result };
    expect(send).toEqual({ kind: "send", to: "c1", message });
  });

  it("starts again from its snapshot and its log with the board that it had", () => {
    const saved: Record<string, unknown> = {};
    const server = new SchedulerServer("n1", [], { snapshotEvery: 3 });
    const events = [start, ...["a", "b", "c", "d"].map((id) => from("c1", submission(id)))];
    for (const event of events) {
      for (const effect of tell(server, event)) {
        if (effect.kind === "save" && effect.value === undefined) delete saved[effect.key];
        else if (effect.kind === "save") saved[effect.key] = effect.value;
      }
    }
    expect(Object.keys(saved).sort()).toEqual(["log/3", "log/4", "snapshot", "snapshot/1/0"]);
    const again = new SchedulerServer("n1", [], { snapshotEvery: 3 });
    tell(again, { kind: "start", saved: JSON.parse(JSON.stringify(saved)) as typeof saved });
    expect(again.state).toEqual(server.state);
  });

  it("its time takes no leaps: neither when the clock is set nor when it stood still", () => {
    const server = new SchedulerServer("n1", [], { tickMs: 50 });
    tell(server, start, 1_000_000);
    tell(server, from("c1", submission("a")), 1_000_020);
    expect(server.state.nowMs).toBe(20);
    tell(server, from("c1", submission("b")), 9_000_000);
    expect(server.state.nowMs).toBe(520);
    tell(server, from("c1", submission("c")), 3);
    expect(server.state.nowMs).toBe(520);
  });
});

describe("the worker", () => {
  const lease = (id: string, attempt = 1, kind = "k") => {
    return { id, attempt, kind, payload: 20, tenant: "everyone" };
  };
  const answered = (requestId: number, ...leases: ReturnType<typeof lease>[]): Any => {
    const result = { kind: "work", leases, stops: [], stale: [], isDraining: false };
    return from("n1", { type: "answer", requestId, kind: "ok", result });
  };
  const begun = (worker: SchedulerWorker): string[] => [...worker.running.keys()];

  it("does tasks with the handler of their kind, and tells all outcomes in one message", () => {
    registerTaskHandler("double", (payload) => 2 * (payload as number));
    registerTaskHandler("burn", () => {
      throw new Error("the rice is burnt");
    });
    registerTaskHandler("dream", () => Promise.reject(new Error("late")));
    const capabilities = ["double", "burn", "dream"];
    const worker = new SchedulerWorker("w1", ["n1"], { capabilities });
    tell(worker, start);
    const tasks = [lease("a", 1, "double"), lease("b", 1, "burn"), lease("c", 1, "dream")];
    const effects = tell(worker, answered(1e9 + 1, ...tasks));
    const sends = effects.flatMap((effect) => (effect.kind === "send" ? [effect.message] : []));
    expect(sends).toHaveLength(1);
    expect(sends[0]).toMatchObject({
      command: {
        finished: [{ id: "a", attempt: 1, result: 40 }],
        failed: [
          { id: "b", attempt: 1, reason: "the rice is burnt" },
          { id: "c", attempt: 1, reason: expect.stringMatching(/^its handler returned a promise/) },
        ],
      },
    });
  });

  it("begins an attempt once, however often it hears of it, and a later one in its place", () => {
    const worker = new SchedulerWorker("w1", ["n1"], { capabilities: ["k"], slots: 2 });
    tell(worker, start);
    tell(worker, answered(1e9 + 1, lease("a")));
    const news = { type: "taskNews", leases: [lease("a"), lease("b")], stops: [], ended: [] };
    tell(worker, from("n1", news as SchedulerMessage));
    expect(begun(worker)).toEqual(["a", "b"]);
    const later = { ...news, leases: [lease("a", 2)] };
    const notes = tell(worker, from("n1", later as SchedulerMessage));
    expect(notes).toContainEqual({
      kind: "note",
      label: "begin",
      detail: { id: "a", attempt: 2, life: 1 },
    });
  });

  it("says all again, with what it holds, when no answer comes", () => {
    const worker = new SchedulerWorker("w1", ["n1", "n2"], { capabilities: ["k"], slots: 2 });
    tell(worker, start);
    tell(worker, answered(1e9 + 1, lease("a")));
    tell(worker, { kind: "timer", timer: "heartbeat" });
    const effects = tell(worker, { kind: "timer", timer: "retry" }, 5);
    const [send] = effects.filter(({ kind }) => kind === "send");
    const command = { op: "work", sequence: 3, held: [{ id: "a", attempt: 1 }] };
    expect(send).toMatchObject({ to: "n2", message: { command } });
  });

  it("drains: gives back what it has not begun, and says when it has nothing left", () => {
    const worker = new SchedulerWorker("w1", ["n1"], { capabilities: ["k"], prefetch: 1 });
    tell(worker, start);
    tell(worker, answered(1e9 + 1, lease("a"), lease("b")));
    const effects = tell(worker, from("o1", { type: "drain" }));
    const command = { capacity: 0, returned: [{ id: "b", attempt: 1 }] };
    expect(effects.find(({ kind }) => kind === "send")).toMatchObject({ message: { command } });
    tell(worker, answered(1e9 + 2));
    tell(worker, { kind: "timer", timer: { serve: "a" } });
    const notes = tell(worker, answered(1e9 + 3));
    expect(notes).toContainEqual({ kind: "note", label: "drained", detail: { done: 1 } });
  });

  it("says what is wrong with its options", () => {
    expect(() => new SchedulerWorker("w1", ["n1"])).toThrow("a worker needs capabilities");
    expect(() => new SchedulerWorker("w1", [], { capabilities: ["k"] })).toThrow(
      "servers are needed",
    );
    const typo = { capabilities: ["k"], heartbeatMS: 5 } as object;
    expect(() => new SchedulerWorker("w1", ["n1"], typo)).toThrow('no option "heartbeatMS"');
    expect(() => new SchedulerClient("c1", ["n1"], { windows: 5 } as object)).toThrow(
      'a client has no option "windows"',
    );
    expect(() => new SchedulerClient("c1", ["n1"], { batch: 0 })).toThrow("batch must be from 1");
  });
});

describe("the store", () => {
  it("applies an effect once; an attempt that is older than one it has seen is stale", () => {
    const store = new EffectStore("e1");
    const outcome = (attempt: number): unknown => {
      const asked = { type: "effect", requestId: 1, id: "a", attempt, value: attempt } as const;
      const send = tell(store, from("w1", asked)).find(({ kind }) => kind === "send");
      return (send as { message: { outcome: unknown } }).message.outcome;
    };
    expect(outcome(2)).toEqual({ kind: "applied", value: 2 });
    expect(outcome(3)).toEqual({ kind: "known", value: 2 });
    expect(outcome(1)).toEqual({ kind: "stale" });
  });
});

it("a story: a worker stands still with a task, another one does it, and its late word is stale", async () => {
  const settings = { leaseMs: 300, backoff: { baseMs: 10 } };
  const cluster = new SchedulerCluster({ seed: 4, settings });
  const service = { "*": { meanMs: 200, isExact: true } };
  const work = { capabilities: ["cook"], service, heartbeatMs: 100 };
  for (const id of ["w1", "w2"]) cluster.addWorker(id, work);
  const tasks = [
    { id: "rice", kind: "cook", priority: 1 },
    { id: "dal", kind: "cook", after: ["rice"] },
  ];
  cluster.addClient("c1", { tasks });
  cluster.schedule(at(100, pause(["w1"])), at(1_000, resume(["w1"])));
  cluster.run(2_500);
  const told = cluster.notes.map(({ atMs, node, label, detail }) => {
    return `${atMs.toFixed(0).padStart(5)} ms  ${node}  ${label} ${JSON.stringify(detail ?? "")}`;
  });
  const file = join(__dirname, "stories", "worker-stands-still.story.txt");
  await expect(`${told.join("\n")}\n`).toMatchFileSnapshot(file);
  expect(cluster.store()?.effects.size).toBe(2);
});
