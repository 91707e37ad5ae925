/** The Maelstrom host without a process: a node that crashes, damaged saves, lines too long. */
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { FileSaves, MaelstromHost, MemorySaves } from "dabbawala/hosts";
import type { Event, Host, Message, Node } from "dabbawala/protocol";
import { LineReader } from "dabbawala/dist/hosts/maelstrom/line-reader";

/** Counts and saves what it counts; "fall" throws after it has changed a field. */
class Fragile implements Node {
  private count = 0;

  constructor(
    readonly id: string,
    private readonly isHopeless: boolean,
  ) {}

  handle(event: Event, host: Host): void {
    if (event.kind === "start") this.count = (event.saved["count"] as number | undefined) ?? 0;
    if (this.isHopeless) throw new Error("no start");
    if (event.kind !== "message") return;
    const { message, from } = event;
    host.save("count", ++this.count);
    host.send(from, {
      type: "counted",
      requestId: message.requestId,
      count: this.count,
    } as Message);
    if (message.type === "fall") throw new Error("fallen");
  }
}

function hosted(isHopeless = false): { ask: (type: string) => unknown; logged: string[] } {
  const lines: string[] = [];
  const logged: string[] = [];
  const host = new MaelstromHost({
    build: (id) => new Fragile(id, isHopeless),
    openSaves: () => new MemorySaves(),
    writeLine: (line) => lines.push(line),
    log: (sentence) => logged.push(sentence),
  });
  const ask = (type: string): unknown => {
    lines.length = 0;
    const body = { type, msg_id: 7, node_id: "n1", node_ids: ["n1"] };
    host.hearLine(JSON.stringify({ src: "c1", dest: "n1", body }));
    return lines.map((line) => (JSON.parse(line) as { body: unknown }).body);
  };
  ask("init");
  return { ask, logged };
}

it("a step that throws is a crash: error 13, nothing else gets out, and saves are kept", () => {
  const { ask, logged } = hosted();
  ask("count");
  expect(ask("fall")).toMatchObject([{ type: "error", code: 13, in_reply_to: 7 }]);
  expect(ask("count")).toEqual([{ type: "counted", count: 2, in_reply_to: 7 }]);
  expect(logged[0]).toBe("the node has crashed: fallen");
});

it("a node that crashes at every start stays down, and says so with error 11", () => {
  const { ask, logged } = hosted(true);
  expect(ask("count")).toMatchObject([{ type: "error", code: 11 }]);
  expect(logged).toContain("the node stays down after 3 crashes in a row");
});

it("saves in a file: read again, a torn end is cut, damage before the end refuses", () => {
  const path = join(mkdtempSync(join(tmpdir(), "saves-")), "n1.saves");
  const saves = new FileSaves(path);
  for (let index = 0; index < 10; index++) saves.put(`log/${index}`, { index, text: "डब्बा" });
  saves.put("log/3", undefined);
  saves.put("none", null);
  saves.close();
  const whole = new FileSaves(path);
  const content = whole.all();
  whole.close();
  expect(Object.keys(content)).toHaveLength(10);
  expect(content).toMatchObject({ "log/9": { index: 9, text: "डब्बा" }, none: null });

  const text = readFileSync(path, "utf8");
  writeFileSync(path, text.slice(0, -2));
  const torn = new FileSaves(path);
  const { none, ...others } = content;
  expect([none, torn.all()]).toEqual([null, others]);
  torn.close();

  writeFileSync(path, text.replace('"index":5', '"index":6'));
  expect(() => new FileSaves(path)).toThrow(/n1\.saves:5: this line is damaged/);
});

it("lines are cut wherever the bytes are, and one that is too long is passed over", () => {
  const heard: string[] = [];
  const reader = new LineReader(
    (line) => heard.push(line),
    () => heard.push("too long"),
    10,
  );
  for (const byte of Buffer.from("ab\n\nडब्बा\r\n0123456789x\nlast")) reader.take(Buffer.of(byte));
  reader.end();
  expect(heard).toEqual(["ab", "डब्बा", "too long", "last"]);
});
