/** Real processes of `dabbawala maelstrom` under the published workloads, with faults between. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, expect, it } from "vitest";
import { Random } from "dabbawala/basics";
import { casRegister, checkLinearizable } from "dabbawala/checks";
import { isDefinite } from "dabbawala/protocol";
import type { HistoryEvent } from "dabbawala/protocol";
import { Router } from "./maelstrom-router";
import type { Body, RouterOptions } from "./maelstrom-router";

let router: Router;

async function started(workload: string, options: RouterOptions): Promise<Router> {
  router = new Router(workload, options);
  await router.start();
  return router;
}

afterEach(async () => {
  const codes = await router.stop();
  expect(router.noise).toEqual([]);
  expect(codes.filter((code) => code !== 0 && code !== null)).toEqual([]);
});

/** Reads until the answer is right, for eventual workloads; the last answer when it never is. */
async function readUntil(id: string, isRight: (answer: Body) => boolean): Promise<Body> {
  const endMs = Date.now() + 8_000;
  for (;;) {
    const answer = await router.ask("c9", id, { type: "read" });
    if (isRight(answer) || Date.now() > endMs) return answer;
    await pause(50);
  }
}

it("echo: the answer is the request's; what is malformed gets a sentence and no crash", async () => {
  const { errors } = await started("echo", { nodes: 1, seed: 1 });
  for (const echo of ["डब्बा", { a: [null, 1.5] }, "x".repeat(200_000)]) {
    const answer = await router.ask("c1", "n1", { type: "echo", echo });
    expect(answer).toMatchObject({ type: "echo_ok", echo });
  }
  router.write("n1", "not json");
  router.write("n1", '{"src":"c1"');
  router.write("n1", '"text"');
  router.write("n1", '{"src":"c1","dest":"n7","body":{"type":"echo","msg_id":1}}');
  const malformed = [{ type: "echo" }, { type: "" }, { type: "init", node_id: "n2", node_ids: [] }];
  for (const body of malformed) {
    expect(await router.ask("c1", "n1", body)).toMatchObject({ type: "error", code: 12 });
  }
  const unknown = await router.ask("c1", "n1", { type: "generate" });
  expect(unknown).toMatchObject({ type: "error", code: 10 });
  expect(await router.ask("c1", "n1", { type: "echo", echo: 7 })).toMatchObject({ echo: 7 });
  expect(errors).toHaveLength(6);
  expect(errors.every((line) => /^dabbawala maelstrom: message \d+: /.test(line))).toBe(true);
});

it("unique-ids: all different, in a partition and after a kill too", async () => {
  await started("unique-ids", { nodes: 3, seed: 2 });
  router.partition(["n1"], ["n2"], ["n3"]);
  const ids: unknown[] = [];
  const generate = async (count: number): Promise<void> => {
    const asked = Array.from({ length: count }, (_, index) =>
      router.ask("c1", router.ids[index % 3] as string, { type: "generate" }),
    );
    ids.push(...(await Promise.all(asked)).map(({ id }) => id));
  };
  await generate(1_500);
  await router.kill("n2");
  await router.startNode("n2");
  await generate(1_500);
  expect(ids).not.toContain(undefined);
  expect(new Set(ids).size).toBe(3_000);
});

it("broadcast: all values are read everywhere after loss, partition and a kill", async () => {
  const saves = mkdtempSync(join(tmpdir(), "maelstrom-"));
  const faults = { meanDelayMs: 10, lossRate: 0.2, arguments: ["--saves", saves] };
  await started("broadcast", { nodes: 5, seed: 3, ...faults });
  const line = { n1: ["n2"], n2: ["n1", "n3"], n3: ["n2", "n4"], n4: ["n3", "n5"], n5: ["n4"] };
  await Promise.all(
    router.ids.map((id) => router.ask("c1", id, { type: "topology", topology: line })),
  );
  const values = Array.from({ length: 200 }, (_, index) => index);
  for (const message of values) {
    if (message === 50) router.partition(["n1", "n2"], ["n3", "n4", "n5"]);
    if (message === 120) {
      await router.kill("n4");
      await router.startNode("n4");
    }
    const id = router.ids[message % 5] as string;
    expect(await router.ask("c1", id, { type: "broadcast", message })).toMatchObject({
      type: "broadcast_ok",
    });
  }
  const before = (await router.ask("c1", "n1", { type: "read" })).messages as number[];
  expect(before.length).toBeLessThan(values.length);
  router.heal();
  for (const id of router.ids) {
    const isWhole = ({ messages }: Body): boolean => (messages as number[]).length >= values.length;
    const { messages } = await readUntil(id, isWhole);
    expect((messages as number[]).sort((left, right) => left - right)).toEqual(values);
  }
  expect(router.lost).toBeGreaterThan(0);
});

it("g-counter: every node reads the sum after loss, partition and a kill", async () => {
  const saves = mkdtempSync(join(tmpdir(), "maelstrom-"));
  const faults = { meanDelayMs: 10, lossRate: 0.2, arguments: ["--saves", saves] };
  await started("g-counter", { nodes: 3, seed: 4, ...faults });
  const chance = new Random(4);
  let sum = 0;
  for (let index = 0; index < 200; index++) {
    if (index === 50) router.partition(["n1"], ["n2", "n3"]);
    if (index === 100) {
      await router.kill("n1");
      await router.startNode("n1");
    }
    const delta = chance.below(10);
    const answer = await router.ask("c1", chance.pick(router.ids), { type: "add", delta });
    expect(answer.type).toBe("add_ok");
    sum += delta;
  }
  expect((await router.ask("c1", "n1", { type: "read" })).value).toBeLessThan(sum);
  router.heal();
  for (const id of router.ids) {
    expect((await readUntil(id, ({ value }) => value === sum)).value).toBe(sum);
  }
  const wrong = await router.ask("c1", "n1", { type: "add", delta: -1 });
  expect(wrong).toMatchObject({ type: "error", code: 12 });
});

const timeouts = { electionTimeoutMinMs: 200, electionTimeoutMaxMs: 400, heartbeatMs: 50 };
const quick = ["--options", JSON.stringify({ ...timeouts, giveUpMs: 600 })];

/** Asks until a leader answers. */
async function write(id: string, key: unknown, value: unknown): Promise<Body> {
  for (let attempt = 0; ; attempt++) {
    const answer = await router.ask("c1", id, { type: "write", key, value });
    if (answer.type === "write_ok" || attempt === 50) return answer;
    await pause(100);
  }
}

it("lin-kv: the errors that are published, at every node", async () => {
  await started("lin-kv", { nodes: 3, seed: 5, arguments: quick });
  expect(await write("n1", 1, null)).toMatchObject({ type: "write_ok" });
  for (const id of router.ids) {
    const ask = (body: Body): Promise<Body> => router.ask("c1", id, body);
    const key = `k-${id}`;
    expect(await ask({ type: "read", key: 1 })).toMatchObject({ type: "read_ok", value: null });
    expect(await ask({ type: "read", key })).toMatchObject({ code: 20 });
    const cas = { type: "cas", key, from: 1, to: { b: 1, a: 2 } };
    expect(await ask(cas)).toMatchObject({ code: 20 });
    const create = { ...cas, create_if_not_exists: true };
    expect(await ask(create)).toMatchObject({ type: "cas_ok" });
    expect(await ask(create)).toMatchObject({ code: 22 });
    const back = { type: "cas", key, from: { a: 2, b: 1 }, to: 3 };
    expect(await ask(back)).toMatchObject({ type: "cas_ok" });
    expect(await ask({ type: "read", key })).toMatchObject({ value: 3 });
    expect(await ask({ type: "write", key })).toMatchObject({ code: 12 });
    expect(await ask({ type: "txn" })).toMatchObject({ code: 10 });
  }
});

/** One client, one operation after another; an outcome that is not known ends the process id. */
async function act(place: number, endMs: number, history: HistoryEvent[]): Promise<void> {
  const chance = new Random(6, place);
  let process_ = place;
  while (Date.now() < endMs) {
    const key = chance.below(2);
    const f = chance.pick(["read", "read", "write", "cas"]);
    const [from, to] = [chance.below(5), chance.below(5)];
    const value = f === "cas" ? [from, to] : f === "write" ? to : undefined;
    const request = f === "cas" ? { from, to } : f === "write" ? { value: to } : {};
    history.push({ process: process_, type: "invoke", f, key, value });
    const id = chance.pick(router.ids);
    const answer = await router.ask(`c${place}`, id, { type: f, key, ...request }, 1_000);
    const outcome = outcomeOf(answer, f);
    const found = f === "read" && outcome === "ok" ? (answer.value ?? null) : value;
    history.push({ process: process_, type: outcome, f, key, value: found });
    if (outcome === "info") process_ += 100;
    await pause(chance.below(10));
  }
}

function outcomeOf({ type, code }: Body, f: string): "ok" | "fail" | "info" {
  if (type !== "error") return "ok";
  if (f === "read" && code === 20) return "ok"; // reads that there is nothing
  return f === "read" || isDefinite(code as number) ? "fail" : "info";
}

it("lin-kv: histories are linearizable through delay, loss, partitions and a kill", async () => {
  const saves = mkdtempSync(join(tmpdir(), "maelstrom-"));
  const faults = { meanDelayMs: 5, lossRate: 0.05, arguments: [...quick, "--saves", saves] };
  await started("lin-kv", { nodes: 3, seed: 6, ...faults });
  await write("n1", "begun", true);
  const history: HistoryEvent[] = [];
  const endMs = Date.now() + 6_000;
  const clients = Array.from({ length: 5 }, (_, index) => act(index + 1, endMs, history));
  for (const alone of ["n1", "n2"]) {
    await pause(800);
    router.partition(
      [alone],
      router.ids.filter((id) => id !== alone),
    );
    await pause(1_000);
    router.heal();
  }
  await router.kill("n3");
  await pause(300);
  await router.startNode("n3");
  await Promise.all(clients);
  expect(await write("n3", "ended", true)).toMatchObject({ type: "write_ok" });
  expect(await router.ask("c1", "n1", { type: "read", key: "begun" })).toMatchObject({
    value: true,
  });
  const verdict = checkLinearizable(history, casRegister());
  expect(verdict.kind).toBe("linearizable");
  const count = (f: string, type: string): number =>
    history.filter((event) => event.f === f && event.type === type).length;
  for (const f of ["read", "write", "cas"]) expect(count(f, "ok")).toBeGreaterThan(4);
  expect(count("write", "info") + count("cas", "info")).toBeGreaterThan(0);
});
