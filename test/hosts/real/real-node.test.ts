/** What leaves a node when: never before its saves are durable, in order, all of a step or none. */
import { expect, it } from "vitest";
import { RealNode } from "dabbawala/dist/hosts/real/real-node";
import type { Disk } from "dabbawala/dist/hosts/real/disk-log";
import { noCounts } from "dabbawala/dist/hosts/real/metrics";
import type { Effect, Event, Host, Message, Node } from "dabbawala/protocol";

/** Does what a message tells it to. */
class Puppet implements Node {
  constructor(readonly id: string) {}

  handle(event: Event, host: Host): void {
    if (event.kind === "timer") return host.send("n2", { type: `rang ${String(event.timer)}` });
    if (event.kind !== "message") return host.note("started", event.saved);
    for (const effect of (event.message as Message & { effects: Effect[] }).effects) {
      if (effect.kind === "send") host.send(effect.to, effect.message);
      else if (effect.kind === "save") host.save(effect.key, effect.value);
      else if (effect.kind === "setTimer") host.setTimer(effect.timer, effect.afterMs);
      else if (effect.kind === "cancelTimer") host.cancelTimer(effect.timer);
      else throw new Error(effect.label);
    }
  }
}

/** A disk that is durable when it is told so. */
class SlowDisk implements Disk {
  written = 0;
  durable = 0;
  readonly values: Record<string, unknown> = {};

  all(): Record<string, unknown> {
    return { ...this.values };
  }

  put(key: string, value: unknown): void {
    this.values[key] = value;
    this.written++;
  }

  flush(): void {}
  close(): void {}
}

class Stage {
  readonly disk = new SlowDisk();
  readonly sent: string[] = [];
  readonly logs: string[] = [];
  readonly notes: unknown[] = [];
  readonly node = new RealNode("n1", () => new Puppet("n1"), this.disk, {
    counts: noCounts(),
    log: (sentence) => this.logs.push(sentence),
    note: (_, label, detail) => this.notes.push([label, detail]),
    dispatch: (_, to, text) => this.sent.push(`${to}: ${(JSON.parse(text) as Message).type}`),
    stir: () => undefined,
  });

  constructor() {
    this.node.start();
  }

  step(...effects: Effect[]): void {
    const message = { type: "act", effects } as Message;
    this.node.run({ kind: "message", from: "n2", message });
  }

  durable(count: number): void {
    this.disk.durable = count;
    this.node.release();
  }
}

const send = (type: string, to = "n2"): Effect => ({ kind: "send", to, message: { type } });
const save = (key: string): Effect => ({ kind: "save", key, value: 1 });

it("a send leaves at once when nothing was saved, and before a save of its own step", () => {
  const stage = new Stage();
  stage.step(send("one"), save("a"), send("two"));
  expect(stage.sent).toEqual(["n2: one"]);
  stage.durable(1);
  expect(stage.sent).toEqual(["n2: one", "n2: two"]);
});

it("a send waits for the saves of earlier steps too, and none overtakes another", () => {
  const stage = new Stage();
  stage.step(save("a"), send("one"));
  stage.step(send("two", "n3"));
  stage.step(save("b"), send("three"));
  stage.step(save("c"));
  stage.step(send("four"));
  expect(stage.sent).toEqual([]);
  expect(stage.node.heldLength).toBeGreaterThan(0);
  stage.durable(1);
  expect(stage.sent).toEqual(["n2: one", "n3: two"]);
  stage.durable(2);
  expect(stage.sent).toEqual(["n2: one", "n3: two", "n2: three"]);
  stage.durable(3);
  expect(stage.sent.at(-1)).toBe("n2: four");
  expect(stage.node.heldLength).toBe(0);
});

it("a step that throws leaves nothing behind, and the node starts again from its saves", () => {
  const stage = new Stage();
  stage.step(save("a"));
  stage.step(save("b"), send("never"), { kind: "note", label: "fallen" });
  expect(stage.disk.values).toEqual({ a: 1 });
  stage.durable(1);
  expect(stage.sent).toEqual([]);
  expect(stage.logs).toEqual(["n1 has crashed: fallen"]);
  expect(stage.notes).toEqual([
    ["started", {}],
    ["started", { a: 1 }],
  ]);
});

it("a timer that is set again or cancelled rings as the contract says", async () => {
  const stage = new Stage();
  const set = (timer: string, afterMs: number): Effect => ({ kind: "setTimer", timer, afterMs });
  stage.step(set("x", 1), set("x", 400), set("y", 1), set("z", 1));
  stage.step({ kind: "cancelTimer", timer: "z" });
  await new Promise((wake) => setTimeout(wake, 30));
  expect(stage.sent).toEqual(["n2: rang y"]);
  await new Promise((wake) => setTimeout(wake, 500));
  expect(stage.sent).toEqual(["n2: rang y", "n2: rang x"]);
  stage.step(set("x", 1));
  stage.node.stop();
  await new Promise((wake) => setTimeout(wake, 30));
  expect(stage.sent).toHaveLength(2);
});
