/** The invalidator: a test a sentence of section 4.1 of the Memcache paper, and what ours adds. */
import { describe, expect, it } from "vitest";
import { CacheDatabase, CacheInvalidator } from "dabbawala/caching";
import type { CacheMessage, CacheTimer, InvalidatorOptions } from "dabbawala/caching";
import { step } from "dabbawala/protocol";
import type { Effect, Event } from "dabbawala/protocol";

type Effects = readonly Effect<CacheMessage, CacheTimer>[];
const senses = { nowMs: 0, random: () => 0.5 };

class OneInvalidator {
  readonly node: CacheInvalidator;
  readonly started: Effects;
  constructor(
    options: Partial<InvalidatorOptions> = {},
    readonly saved: Record<string, unknown> = {},
  ) {
    this.node = new CacheInvalidator("i1", ["n1", "n2"], options);
    this.started = this.step({ kind: "start", saved });
  }

  log(...entries: readonly [position: number, key: string][]): Effects {
    const all = entries.map(([position, key]) => ({ position, key, version: position }));
    return this.hear("db", { type: "log", entries: all });
  }

  hear(from: string, message: CacheMessage): Effects {
    return this.step({ kind: "message", from, message });
  }

  ring(timer: CacheTimer): Effects {
    return this.step({ kind: "timer", timer });
  }

  private step(event: Event<CacheMessage, CacheTimer>): Effects {
    const effects = step(this.node, event, senses);
    for (const effect of effects) if (effect.kind === "save") this.saved[effect.key] = effect.value;
    return effects;
  }
}

type MessageOf<K extends CacheMessage["type"]> = Extract<CacheMessage, { type: K }>;

function sent<K extends CacheMessage["type"]>(effects: Effects, type: K) {
  return effects.flatMap((effect) =>
    effect.kind === "send" && effect.message.type === type
      ? [{ to: effect.to, message: effect.message as MessageOf<K> }]
      : [],
  );
}

const keys = Array.from({ length: 8 }, (_, i) => [i + 1, `key-${i}`] as [number, string]);

/** All that it is telling is answered. */
function answer(daemon: OneInvalidator, deletes: ReturnType<typeof sent<"deletes">>): Effects {
  return deletes.flatMap(({ to, message: { requestId } }) => [
    ...daemon.hear(to, { type: "allDeleted", requestId }),
  ]);
}

describe("section 4.1", () => {
  it("it looks at the log again and again, from where it is", () => {
    const daemon = new OneInvalidator();
    const tail = { type: "tail", after: 0, done: 0 };
    expect(sent(daemon.started, "tail")).toEqual([{ to: "db", message: tail }]);
    daemon.log(...keys);
    expect(sent(daemon.ring("poll"), "tail")[0]?.message).toEqual({ ...tail, after: 8 });
  });

  it("deletes go to the servers that may have the key, many in one message", () => {
    const deletes = sent(new OneInvalidator().log(...keys), "deletes");
    expect(deletes.map(({ to }) => to)).toEqual(["n1", "n2"]);
    const told = deletes.flatMap(({ message: { rows } }) => rows.map(({ key }) => key));
    expect([...told].sort()).toEqual(keys.map(([, key]) => key));
    const few = sent(new OneInvalidator({ batch: 2 }).log(...keys), "deletes");
    expect(few.every(({ message: { rows } }) => rows.length <= 2)).toBe(true);
  });

  it("replicas of hot keys and gutters are told as well", () => {
    const daemon = new OneInvalidator({ hotReplicas: 2, gutters: ["g1"] });
    const deletes = sent(daemon.log([1, "key-0"]), "deletes");
    expect(deletes.map(({ to }) => to)).toEqual(["n1", "n2", "g1"]);
  });

  it("a server that does not answer is told again, the others go on", () => {
    const daemon = new OneInvalidator();
    const [first, second] = sent(daemon.log(...keys), "deletes");
    const again = sent(daemon.ring({ resend: "n1" }), "deletes");
    expect(again).toEqual([first]);
    answer(daemon, [second!]);
    expect(daemon.node.streams.get("n2")?.position).toBe(8);
    expect(daemon.node.streams.get("n1")?.position).toBe(0);
  });

  it("a write is noted as invalidated, and its log let go, when all have answered", () => {
    const daemon = new OneInvalidator();
    const [first, second] = sent(daemon.log(...keys), "deletes");
    const noted = (effects: Effects): number =>
      effects.filter((effect) => effect.kind === "note" && effect.label === "invalidated").length;
    expect(noted(answer(daemon, [first!]))).toBe(0);
    expect(noted(answer(daemon, [second!]))).toBe(8);
    expect(sent(daemon.ring("poll"), "tail")[0]?.message).toMatchObject({ after: 8, done: 8 });
  });

  it("after a crash it goes on from what was answered", () => {
    const daemon = new OneInvalidator();
    const [, second] = sent(daemon.log(...keys), "deletes");
    answer(daemon, [second!]);
    const again = new OneInvalidator({}, daemon.saved);
    expect(sent(again.started, "tail")[0]?.message).toMatchObject({ after: 0, done: 0 });
    const deletes = sent(again.log(...keys), "deletes");
    expect(deletes.map(({ to }) => to)).toEqual(["n1"]);
    const late = { type: "allDeleted", requestId: second!.message.requestId } as const;
    again.hear("n1", late);
    expect(again.node.streams.get("n1")?.position).toBe(0);
  });
});

describe("the database's log", () => {
  function committed(hasLog: boolean): { node: CacheDatabase; saved: Record<string, unknown> } {
    const node = new CacheDatabase("db", [], { hasLog, writeMs: 0 });
    const saved: Record<string, unknown> = {};
    const play = (event: Event<CacheMessage, CacheTimer>): void => {
      for (const effect of step(node, event, senses)) {
        if (effect.kind === "save") saved[effect.key] = effect.value;
        if (effect.kind === "setTimer") play({ kind: "timer", timer: effect.timer });
      }
    };
    play({ kind: "start", saved: {} });
    for (const order of [1, 2, 3]) {
      const store = {
        type: "store",
        requestId: order,
        key: "k",
        value: order,
        writer: "c1",
      } as const;
      play({ kind: "message", from: "c1", message: { ...store, order } });
    }
    return { node, saved };
  }

  it("is kept only if asked for, over a restart too, until it is done with", () => {
    expect(committed(false).node.log.size).toBe(0);
    const { saved } = committed(true);
    const node = new CacheDatabase("db", [], { hasLog: true });
    step(node, { kind: "start", saved }, senses);
    const tail = { type: "tail", after: 1, done: 1 } as const;
    const effects = step(node, { kind: "message", from: "i1", message: tail }, senses);
    const [log] = sent(effects, "log");
    expect(log?.message.entries.map(({ position }) => position)).toEqual([2, 3]);
    expect([...node.log.keys()]).toEqual([2, 3]);
  });
});
