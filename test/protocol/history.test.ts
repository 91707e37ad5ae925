import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import fc from "fast-check";
import {
  formatEdnHistory,
  formatJsonHistory,
  operationsOf,
  parseEdnHistory,
  parseHistory,
  parseJepsenLog,
  parseJsonHistory,
  readHistory,
  withIndependentKeys,
} from "dabbawala/protocol";
import type { HistoryEvent } from "dabbawala/protocol";

const folder = mkdtempSync(join(tmpdir(), "dabbawala-history-"));
afterAll(() => rmSync(folder, { recursive: true }));

const withoutLines = (events: readonly HistoryEvent[]): object[] =>
  events.map(({ line: _line, ...event }) => event);

const events: HistoryEvent[] = [
  { process: 0, type: "invoke", f: "write", key: "x", value: 3, time: 10 },
  { process: "c1", type: "invoke", f: "cas", key: 7, value: [1, [2, null]], time: 11 },
  { process: 0, type: "ok", f: "write", key: "x", value: 3, time: 12.5 },
  { process: "c1", type: "info", f: "cas", key: 7, value: ":timed-out", time: 13 },
  { process: 2, type: "invoke", f: "read", value: null },
  { process: 2, type: "fail", f: "read", value: { why: 'no "leader"\n' } },
];

describe("forms of a history", () => {
  it("JSON lines and EDN give back what was written", () => {
    expect(withoutLines(parseHistory(formatJsonHistory(events)))).toEqual(events);
    expect(withoutLines(parseHistory(formatEdnHistory(events)))).toEqual(events);
    expect(formatJsonHistory(events).split("\n")[0]).toBe(
      '{"process":0,"type":"invoke","f":"write","key":"x","value":3,"time":10}',
    );
    expect(formatEdnHistory(events).split("\n")[3]).toBe(
      "{:process :c1, :type :info, :f :cas, :key 7, :value :timed-out, :time 13}",
    );
  });

  it("give back any JSON value", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (drawn) => {
        const value = JSON.parse(JSON.stringify(drawn)) as unknown;
        const one: HistoryEvent[] = [{ process: 1, type: "invoke", f: "write", value }];
        expect(withoutLines(parseJsonHistory(formatJsonHistory(one)))).toEqual(one);
        expect(withoutLines(parseEdnHistory(formatEdnHistory(one)))).toEqual(one);
      }),
      { numRuns: 2_000, seed: 3 },
    );
  });

  it("EDN as Jepsen writes it: records, tuples, sets, comments, nemesis, one vector", () => {
    const text = `; a run of 2026
#jepsen.history.Op{:index 0, :time 12, :type :invoke, :process 3, :f :read, :value nil}
#_ignored {:type :ok, :process 3, :f :read, :value #{1 2}, :error ["a \\"b\\" \\u0041" \\newline]}
{:process :nemesis :type :info :f :start-partition :value {:n1 #{"n2"}} :exception ^meta {:a 1}}
{:type :invoke, :process 4, :f :cas, :value #jepsen.independent/tuple [9 [1 2]], :a 1/2, :b 12N}`;
    const parsed = parseHistory(text);
    expect(withoutLines(parsed)).toEqual([
      { process: 3, type: "invoke", f: "read", value: null, time: 12 },
      { process: 3, type: "ok", f: "read", value: [1, 2] },
      { process: "nemesis", type: "info", f: "start-partition", value: { n1: ["n2"] } },
      { process: 4, type: "invoke", f: "cas", key: 9, value: [1, 2] },
    ]);
    expect(parsed.map(({ line }) => line)).toEqual([2, 3, 4, 5]);
    const vector = `[{:process 0, :type :invoke, :f :read}\n {:process 0, :type :ok, :f :read, :value 1}]`;
    expect(parseHistory(vector).map(({ line }) => line)).toEqual([1, 2]);
    expect(operationsOf(parsed)).toHaveLength(2);
  });

  it("EDN of independent objects: the key is taken out of the value", () => {
    const text = `{:process 0, :type :invoke, :f :cas, :value [3 [1 2]]}
{:process :nemesis, :type :info, :f :kill, :value [1 2]}
{:process 0, :type :info, :f :cas, :value :timed-out}`;
    expect(withoutLines(withIndependentKeys(parseHistory(text)))).toEqual([
      { process: 0, type: "invoke", f: "cas", key: 3, value: [1, 2] },
      { process: "nemesis", type: "info", f: "kill", value: [1, 2] },
      { process: 0, type: "info", f: "cas", value: ":timed-out" },
    ]);
    const plain = parseHistory("0 :invoke :write 7", "h");
    expect(() => withIndependentKeys(plain, "h")).toThrow("h:1: the value must be [key, value]");
  });

  it("logs: prefixes, other loggers, keywords, remarks", () => {
    const text = [
      "INFO  jepsen.util - 4\t:invoke\t:cas\t[2 4]",
      "2015-06-01 10:00:00,000{GMT}\tINFO\t[main] jepsen.core: Running test",
      "2015-06-01 10:00:00,100{GMT}\tINFO\t[jepsen worker 4] jepsen.util: 4\t:info\t:cas\t:timed-out",
      ":nemesis :info :start nil",
      "1 :invoke :read nil",
      "1 :fail :read :timed-out after 5 s",
    ].join("\n");
    expect(withoutLines(parseJepsenLog(text))).toEqual([
      { process: 4, type: "invoke", f: "cas", value: [2, 4] },
      { process: 4, type: "info", f: "cas", value: ":timed-out" },
      { process: "nemesis", type: "info", f: "start", value: null },
      { process: 1, type: "invoke", f: "read", value: null },
      { process: 1, type: "fail", f: "read", value: ":timed-out" },
    ]);
  });

  it("are told by their first character, and read from files", () => {
    const file = join(folder, "h.any");
    for (const text of [formatJsonHistory(events), formatEdnHistory(events)]) {
      writeFileSync(file, `\uFEFF\n${text}`);
      expect(withoutLines(readHistory(file))).toEqual(events);
    }
    const log = join(__dirname, "..", "checks", "data", "jepsen-etcd", "etcd_000.log");
    expect(readHistory(log)).toHaveLength(readFileSync(log, "utf8").trimEnd().split("\n").length);
  });
});

describe("an unreadable history names file and line", () => {
  const cases: [string, string, string][] = [
    ["an empty file", "", "h:1: there is no event in it"],
    ["no JSON", '{"process":0,"type":"invoke","f":"read"}\n{"process":', "h:2: this is not JSON"],
    [
      "not an object",
      '{"process":0,"type":"invoke","f":"read"}\n[1]',
      "h:2: an event must be a JSON",
    ],
    [
      "no process",
      '{"type":"invoke","f":"read"}',
      "h:1: process must be a number or a name, but was missing",
    ],
    [
      "a wrong type",
      '{"process":0,"type":"done","f":"read"}',
      'h:1: type must be one of invoke, ok, fail, info, but was "done"',
    ],
    ["no operation", '{"process":0,"type":"ok"}', "h:1: f must name an operation"],
    [
      "a wrong key",
      '{"process":0,"type":"ok","f":"r","key":[1]}',
      "h:1: key must be a text or a number",
    ],
    ["a wrong time", '{"process":0,"type":"ok","f":"r","time":"x"}', "h:1: time must be a number"],
    ["a JSON array", '[{"process":0}]', "h:1: this is one JSON array"],
    ["an open map", "{:process 0\n:type :ok", 'h:1: no "}" closes'],
    ["an open string", '{:process 0 :f "a\n}', "h:1: a string is not closed"],
    ["a key alone", "{:process}", "h:1: a map has a key without a value"],
    ["a stray bracket", "{:process 0}\n]", 'h:2: "]" is not expected'],
    ["an EDN number", "{:process 0x}", 'h:1: "0x" is not a number'],
    [
      "no map",
      "{:process 0 :type :invoke :f :read}\n17",
      "h:2: an event must be a map, but this is 17",
    ],
    ["depth", "[".repeat(300), "nested deeper than 200"],
    ["no log line", "INFO  jepsen.util - 4 :invok :read nil", "h:1: expected process, :invoke|:ok"],
    ["words", "hello world", "h:1: expected process"],
    ["a broken value", "4 :invoke :cas [2", 'h:1: "[2" is not a value'],
    ["an answer without call", "1 :ok :read 3", "h:1: process 1 ends read, which it did not call"],
    [
      "two calls",
      "1 :invoke :read nil\n\n1 :invoke :write 2",
      "h:3: process 1 calls write before its call of read (1) has ended",
    ],
    [
      "another's answer",
      "1 :invoke :read nil\n1 :ok :write 2",
      "h:2: process 1 ends write, but what it called is read",
    ],
  ];
  it.each(cases)("%s", (_name, text, message) => {
    expect(() => parseHistory(text, "h")).toThrow(message);
  });

  it("and says when there is no file, or it is a folder", () => {
    expect(() => readHistory(join(folder, "none"))).toThrow("none: there is no such file");
    expect(() => readHistory(folder)).toThrow("it is a folder, not a file");
  });

  it("never fails in another way, whatever the text", () => {
    const bits = fc.constantFrom(
      "{",
      "}",
      "[",
      "]",
      "(",
      '"',
      ":ok ",
      "#",
      "^",
      "\\",
      ";",
      "1 ",
      "\n",
      ":f ",
    );
    fc.assert(
      fc.property(fc.array(bits, { maxLength: 30 }), (parts) => {
        try {
          parseHistory(parts.join(""));
        } catch (error) {
          expect((error as Error).name).toBe("InputError");
        }
      }),
      { numRuns: 3_000, seed: 5 },
    );
  });
});

describe("operations", () => {
  it("pair calls with answers and leave out what failed", () => {
    const [write, cas, read] = operationsOf([
      ...events.slice(0, 5),
      { process: 2, type: "ok", f: "read", value: 4 },
    ]);
    expect(write).toMatchObject({ id: 0, input: 3, output: 3, outcome: "ok", call: 0, return: 2 });
    expect(write).toMatchObject({ calledAt: 10, returnedAt: 12.5 });
    expect(cas).toMatchObject({ outcome: "unknown", output: undefined, return: Infinity });
    expect(read).toMatchObject({ f: "read", output: 4, calledAt: 4, returnedAt: 5 });
    expect(operationsOf(events)).toHaveLength(2);
  });
});
