/** Each behaviour of a faulty replica does what its sentence says, with its own key alone. */
import { describe, expect, it } from "vitest";
import {
  ByzantinePbft,
  Pbft,
  PbftClient,
  behaviourNames,
  pbftBehaviours,
} from "dabbawala/consensus";
import { pbftKeys } from "dabbawala/consensus";
import type { PbftBehaviour, PbftMessage, PbftTimer } from "dabbawala/consensus";
import { Simulator } from "dabbawala/hosts";
import { textOf } from "dabbawala/dist/consensus/pbft/encoding";
import { authenticationOf } from "dabbawala/dist/consensus/pbft/authentication/index";
import type { ProvenMessage } from "dabbawala/dist/consensus/pbft/messages";

const ids = ["n1", "n2", "n3", "n4"];
const keys = pbftKeys("adversaries", [...ids, "c1", "c2"]);

/** Two clients and one liar; returns what it sent, with times. */
function sentBy(liar: string, behaviours: readonly PbftBehaviour[], options = {}) {
  const simulator = new Simulator<PbftMessage, PbftTimer>({ seed: 3, isTraced: true });
  for (const id of ids) {
    const own = { keys: keys[id], checkpointEvery: 2, watermarkWindow: 4 };
    if (id !== liar) simulator.add(id, Pbft, { options: own });
    else simulator.add(id, ByzantinePbft, { options: { ...own, ...options, behaviours } });
  }
  for (const id of ["c1", "c2"]) {
    const operations = [1, 2, 3].map((value) => ({ command: { op: "put", key: id, value } }));
    simulator.add(id, PbftClient, { peers: ids, options: { operations, keys: keys[id] } });
  }
  simulator.run({ untilMs: 150 });
  return simulator.trace
    .filter(({ node }) => node === liar)
    .flatMap(({ effects, atMs }) =>
      effects.flatMap((effect) =>
        effect.kind === "send" ? [{ to: effect.to, message: effect.message, atMs }] : [],
      ),
    );
}

type Of<T extends PbftMessage["type"]> = Extract<PbftMessage, { type: T }>;

function only<T extends PbftMessage["type"]>(
  type: T,
  sent: readonly { to: string; message: PbftMessage }[],
): { to: string; message: Of<T> }[] {
  return sent.filter(({ message }) => message.type === type) as { to: string; message: Of<T> }[];
}

const honest = sentBy("n1", []);

/** True when the sender that it names has proven it. */
function isProven(message: PbftMessage, to: string): boolean {
  const { replica } = message as { replica: string };
  const reader = authenticationOf(to, {
    authentication: "signatures",
    keySeed: "",
    keys: keys[to] ?? null,
  });
  const { proof } = message as ProvenMessage;
  return reader.isProven(textOf(message as ProvenMessage), replica, proof);
}

describe("a faulty replica", () => {
  it("without behaviours is a correct one", () => {
    expect(only("prePrepare", honest).length).toBeGreaterThanOrEqual(9);
    expect(
      honest.every(({ message, to }) => !("replica" in message) || isProven(message, to)),
    ).toBe(true);
  });

  it("that is silent says nothing", () => {
    expect(sentBy("n1", ["silent"])).toEqual([]);
  });

  it("that is slow says the same later; that dawdles only its proposals", () => {
    const first = (sent: readonly { message: PbftMessage; atMs: number }[], type: string): number =>
      sent.find(({ message }) => message.type === type)?.atMs ?? 0;
    const slow = sentBy("n1", ["slow"], { delayMs: 30 });
    expect(first(slow, "prePrepare")).toBeCloseTo(first(honest, "prePrepare") + 30, 3);
    const dawdling = sentBy("n2", ["dawdling"], { delayMs: 30 });
    expect(dawdling.map(({ message }) => message.type)).toContain("prepare");
    expect(only("prePrepare", sentBy("n1", ["dawdling"], { delayMs: 1_000 }))).toEqual([]);
  });

  it("that is two-faced gives one number two batches, each to one half, and votes for both", () => {
    const sent = sentBy("n1", ["twoFaced"]);
    const all = only("prePrepare", sent).filter(({ message }) => message.sequence === 1);
    const first = all.slice(0, 3);
    expect(first.map(({ to }) => to)).toEqual(["n2", "n3", "n4"]);
    const [two, three, four] = first.map(({ message }) => message.digest);
    expect(two).toBe(four);
    expect(three).not.toBe(two);
    const commits = only("commit", sent).filter(({ message }) => message.sequence === 1);
    const told = commits.map(({ to, message }) => [to, message.digest]);
    expect(Object.fromEntries(told)).toEqual({ n2: two, n3: three, n4: two });
    expect(sent.every(({ to, message }) => !("replica" in message) || isProven(message, to))).toBe(
      true,
    );
  });

  it("with accomplices tells them both batches, and they vote for both", () => {
    const accomplices = ["n2"];
    const sent = sentBy("n1", ["twoFaced"], { accomplices });
    const first = only("prePrepare", sent).filter(({ message }) => message.sequence === 1);
    expect(first.slice(0, 4).map(({ to }) => to)).toEqual(["n2", "n2", "n3", "n4"]);
  });

  it("that uses wrong digests names none of what it got", () => {
    const told = only("prepare", sentBy("n2", ["wrongDigest"])).map(
      ({ message }) => message.digest,
    );
    const right = only("prePrepare", honest).map(({ message }) => message.digest);
    expect(told.length).toBeGreaterThan(0);
    expect(told.filter((digest) => right.includes(digest))).toEqual([]);
  });

  it("that swaps batches sends one digest with different requests", () => {
    const first = only("prePrepare", sentBy("n1", ["swappingBatches"])).slice(0, 3);
    expect(new Set(first.map(({ message }) => message.digest)).size).toBe(1);
    expect(first.map(({ message }) => message.requests?.length)).toEqual([1, 0, 1]);
  });

  it("that votes twice tells each replica two digests, and not all in one order", () => {
    const sent = only("prepare", sentBy("n2", ["conflictingVotes"]));
    const to = (name: string) => sent.filter((each) => each.to === name).slice(0, 2);
    const [a, b] = [to("n1"), to("n3")].map((pair) => pair.map(({ message }) => message.digest));
    expect(new Set(a).size).toBe(2);
    expect(b).toEqual([...(a ?? [])].reverse());
  });

  it("that forges cannot prove what it says in the name of others", () => {
    const sent = sentBy("n2", ["forging"]);
    const others = sent.filter(({ message }) => "replica" in message && message.replica !== "n2");
    expect(others.length).toBeGreaterThan(0);
    expect(others.filter(({ message, to }) => to !== "c1" && isProven(message, to))).toEqual([]);
  });

  it("that replays says what others have said before", () => {
    const sent = sentBy("n3", ["replaying"]);
    const others = sent.filter(({ message }) => "replica" in message && message.replica !== "n3");
    expect(others.length).toBeGreaterThan(0);
    expect(
      others.every(({ message, to }) => message.type === "reply" || isProven(message, to)),
    ).toBe(true);
  });

  it("that lies to clients gives them another result", () => {
    const replies = only("reply", sentBy("n2", ["lyingToClients"]));
    expect(replies.length).toBeGreaterThan(0);
    const results = new Set(replies.map(({ message }) => JSON.stringify(message.result)));
    expect([...results]).toEqual(['{"kind":"ok","value":"a lie"}']);
  });

  it("that corrupts states vouches for another checkpoint", () => {
    const digests = (sent: typeof honest) => {
      return new Set(only("checkpoint", sent).map(({ message }) => message.digest));
    };
    const [right, wrong] = [digests(honest), digests(sentBy("n2", ["corruptState"]))];
    expect(right.size).toBeGreaterThan(0);
    expect(wrong.size).toBeGreaterThan(0);
    expect([...wrong].filter((digest) => right.has(digest))).toEqual([]);
  });

  it("that exhausts the numbers leaves gaps, and goes beyond the high watermark", () => {
    const sequences = only("prePrepare", sentBy("n1", ["exhausting"])).map(
      ({ message }) => message.sequence,
    );
    expect(sequences.slice(0, 3)).toEqual([4, 5, 1_004]);
  });

  it("that is restless asks for later views", () => {
    const views = only("viewChange", sentBy("n2", ["restless"])).map(({ message }) => message.view);
    expect(views.length).toBeGreaterThan(0);
    expect(Math.min(...views)).toBeGreaterThan(0);
  });
});

it("every behaviour has its sentence, and no other is taken", () => {
  expect(Object.keys(pbftBehaviours)).toEqual([...behaviourNames]);
  const behaviours = ["polite"] as unknown as PbftBehaviour[];
  expect(() => new ByzantinePbft("n1", [], { behaviours })).toThrow(
    'no behaviour "polite": choose of silent, slow',
  );
  expect(() => new ByzantinePbft("n1", [], { delayMs: -1 })).toThrow("delayMs must be from 0");
});
