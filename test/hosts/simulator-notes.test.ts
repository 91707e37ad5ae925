import { expect, it } from "vitest";
import { noteLine, notedHistory } from "dabbawala/hosts";

const invoke = { atMs: 2.5, node: "c1", label: "invoke", detail: { f: "get", key: "k" } };
const notes = [
  invoke,
  { atMs: 3, node: "n1", label: "executed", detail: { sequence: 1 } },
  { atMs: 3, node: "n1", label: "ok", detail: undefined },
  { atMs: 4, node: "c1", label: "ok", detail: { f: "get", key: "k", value: null } },
];

it("reads the clients' notes as a history and passes over all others", () => {
  expect(notedHistory(notes)).toEqual([
    { process: "c1", type: "invoke", f: "get", key: "k", time: 2.5 },
    { process: "c1", type: "ok", f: "get", key: "k", value: null, time: 4 },
  ]);
});

it("tells a note as one line", () => {
  expect(noteLine(invoke)).toBe('     2.5 ms  c1  invoke {"f":"get","key":"k"}');
});
