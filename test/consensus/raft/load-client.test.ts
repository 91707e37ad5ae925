/** The client that makes load, alone and in the simulator. */
import { expect, it } from "vitest";
import { Raft, RaftLoadClient } from "dabbawala/consensus";
import type { RaftMessage, RaftTimer } from "dabbawala/consensus";
import { Simulator } from "dabbawala/hosts";
import { step } from "dabbawala/protocol";

it("draws so many puts and gets, of so many bytes, and then rests", () => {
  const notes: { label: string; f: string; value: unknown }[] = [];
  const simulator = new Simulator<RaftMessage, RaftTimer>({
    seed: 3,
    onNote: ({ node, label, detail }) => {
      if (node === "c1") notes.push({ label, ...(detail as { f: string; value: unknown }) });
    },
  });
  const servers = ["n1", "n2", "n3"];
  for (const id of servers) {
    simulator.add(id, Raft, { peers: servers.filter((peer) => peer !== id) });
  }
  const options = { count: 200, valueBytes: 300, keys: 4, readShare: 0.25 };
  simulator.add("c1", RaftLoadClient, { peers: servers, options });
  simulator.run({ untilMs: 60_000 });
  expect(notes.filter(({ label }) => label === "ok")).toHaveLength(200);
  const puts = notes.filter(({ label, f }) => label === "invoke" && f === "put");
  expect(puts.length).toBeGreaterThan(120);
  expect(puts.length).toBeLessThan(180);
  expect(new Set(puts.map(({ value }) => (value as string).length))).toEqual(new Set([300]));
  expect(new Set(puts.map(({ value }) => value)).size).toBe(puts.length);
});

it("draws its keys from the host's chance, and refuses options that are wrong", () => {
  const load = new RaftLoadClient("c1", ["n1"], { keys: 10, hasSession: false });
  const [, note] = step(load, { kind: "start", saved: {} }, { nowMs: 0, random: () => 0.55 });
  expect(note).toMatchObject({ label: "invoke", detail: { f: "put", key: "key-6" } });
  const make = (options: object) => (): unknown => new RaftLoadClient("c1", ["n1"], options);
  expect(make({ valueBytes: 3 })).toThrow("valueBytes must be from 16");
  expect(make({ readShare: 2 })).toThrow("readShare must be from 0 to 1");
  expect(make({ keys: 0 })).toThrow("keys must be from 1");
  expect(make({ count: -1 })).toThrow("count must be from 0");
});
